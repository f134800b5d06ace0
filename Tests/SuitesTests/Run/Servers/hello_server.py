"""HelloService by grpcio, and what tests ask of it."""

import collections
import os
import signal
import sys
import threading
import time
from pathlib import Path

import grpc
from google.protobuf import any_pb2, duration_pb2

sys.dont_write_bytecode = True
from protos import compiled, serve  # noqa: E402

pb, pb_grpc = compiled(Path(__file__).with_name("hello.proto"))
details, _ = compiled(Path(__file__).with_name("details.proto"))
Reply = pb.HelloReply


def packed(message):
    result = any_pb2.Any()
    result.Pack(message)
    return result


class Hello(pb_grpc.HelloServiceServicer):
    def __init__(self):
        self.calls = collections.Counter()
        self.pair = threading.Barrier(2)

    def SayHello(self, request, context):
        self.calls["SayHello"] += 1
        return Reply(msg=f"Hello {request.name}!", date=time.strftime("%Y-%m-%d"))

    def Join(self, requests, context):
        return Reply(msg=" ".join(request.name for request in requests))

    def Count(self, request, context):
        for number in range(request.count):
            yield Reply(msg=str(number))

    def Chat(self, requests, context):
        for request in requests:
            for _ in range(request.count or 1):
                yield Reply(msg=f"Hello {request.name}!")
        yield Reply(msg="bye")

    def Fail(self, request, context):
        status = details.Status(code=request.code, message=f"nö: {request.name}")
        status.details.append(packed(details.ErrorInfo(reason="SPENT", domain="shop", metadata={"code": str(request.code)})))
        status.details.append(packed(details.RetryInfo(retry_delay=duration_pb2.Duration(seconds=2))))
        status.details.append(packed(details.DebugInfo(stack_entries=["a", "b"])))
        context.set_trailing_metadata([("grpc-status-details-bin", status.SerializeToString()), ("x-why", "because")])
        code = {code.value[0]: code for code in grpc.StatusCode}[request.code]
        context.abort(code, status.message)

    def Reflect(self, request, context):
        metadata = [(key, value) for key, value in context.invocation_metadata() if key.startswith("x-")]
        context.send_initial_metadata(metadata)
        context.set_trailing_metadata([("t-" + key, value) for key, value in metadata])
        return Reply(msg=context.peer().split(":")[0])

    def Zip(self, request, context):
        context.set_compression(grpc.Compression.Gzip)
        return Reply(msg=request.name * 1000)

    def Sleep(self, request, context):
        ended = threading.Event()
        context.add_callback(ended.set)
        ended.wait(60)
        return Reply()

    def Die(self, request, context):
        yield Reply(msg="last words")
        os.kill(os.getpid(), signal.SIGKILL)

    def Third(self, request, context):
        self.calls["Third"] += 1
        return Reply(attempt=self.calls["Third"])

    def Calls(self, request, context):
        return Reply(attempt=self.calls[request.name])

    def Together(self, request, context):
        try:
            self.pair.wait(20)
        except threading.BrokenBarrierError:
            context.abort(grpc.StatusCode.ABORTED, "alone")
        return Reply()


hello = Hello()
serve(lambda server: pb_grpc.add_HelloServiceServicer_to_server(hello, server), ["hello.HelloService"])
