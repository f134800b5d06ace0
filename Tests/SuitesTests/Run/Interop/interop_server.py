"""The interop test service by grpcio: first as it should be, then once for each fault of FAULTS. It prints all ports."""

import sys
import threading
from concurrent import futures
from pathlib import Path

import grpc

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent.parent / "Servers"))
from protos import compiled  # noqa: E402

pb, pb_grpc = compiled(Path(__file__).with_name("interop.proto"))
FAULTS = ["empty", "size", "content", "sum", "drop", "swap", "silent", "extra", "initial", "trailing", "code", "message", "ascii",
          "implemented", "hurry"]
INITIAL, TRAILING = "x-grpc-test-echo-initial", "x-grpc-test-echo-trailing-bin"


class Interop(pb_grpc.TestServiceServicer):
    def __init__(self, fault):
        self.fault = fault

    def EmptyCall(self, request, context):
        if self.fault == "empty":
            context.abort(grpc.StatusCode.INTERNAL, "not empty")
        return pb.Empty()

    def UnaryCall(self, request, context):
        self.echo(context)
        self.end(request, context)
        return pb.SimpleResponse(payload=self.payload(request.response_size))

    def StreamingInputCall(self, requests, context):
        total = sum(len(request.payload.body) for request in requests)
        return pb.StreamingInputCallResponse(aggregated_payload_size=total + (self.fault == "sum"))

    def StreamingOutputCall(self, request, context):
        sizes = [parameters.size for parameters in request.response_parameters]
        if self.fault == "drop":
            del sizes[2]
        if self.fault == "swap":
            sizes[0], sizes[1] = sizes[1], sizes[0]
        for size in sizes:
            yield pb.StreamingOutputCallResponse(payload=self.payload(size))

    def FullDuplexCall(self, requests, context):
        self.echo(context)
        if self.fault == "silent":
            requests = list(requests)
        for request in requests:
            self.end(request, context)
            for parameters in request.response_parameters:
                if parameters.interval_us and self.fault != "hurry":
                    ended = threading.Event()
                    context.add_callback(ended.set)
                    ended.wait(parameters.interval_us / 1e6)
                yield pb.StreamingOutputCallResponse(payload=self.payload(parameters.size))
        if self.fault == "extra":
            yield pb.StreamingOutputCallResponse()

    def UnimplementedCall(self, request, context):
        if self.fault == "implemented":
            return pb.Empty()
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "")

    def payload(self, size):
        body = bytearray(size - (self.fault == "size" and size > 0))
        if self.fault == "content" and size > 100_000:
            body[100_000] = 1
        return pb.Payload(body=bytes(body))

    def echo(self, context):
        metadata = dict(context.invocation_metadata())
        if INITIAL in metadata and self.fault != "initial":
            context.send_initial_metadata([(INITIAL, metadata[INITIAL])])
        if TRAILING in metadata:
            value = metadata[TRAILING]
            context.set_trailing_metadata([(TRAILING, value[:-1] if self.fault == "trailing" else value)])

    def end(self, request, context):
        status = request.response_status
        if status.code:
            code = {code.value[0]: code for code in grpc.StatusCode}[status.code + (self.fault == "code")]
            message = status.message
            if self.fault == "message":
                message = message.replace("test", "best", 1)
            if self.fault == "ascii":
                message = message.encode("ascii", "replace").decode()
            context.abort(code, message)


def start(fault):
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4), options=[("grpc.so_reuseport", 0)])
    interop = Interop(fault)
    pb_grpc.add_TestServiceServicer_to_server(interop, server)
    if fault == "implemented":
        pb_grpc.add_UnimplementedServiceServicer_to_server(interop, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


servers = [start(fault) for fault in [None, *FAULTS]]
print(*[port for _, port in servers], flush=True)
servers[0][0].wait_for_termination()
