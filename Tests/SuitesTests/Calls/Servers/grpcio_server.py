"""A server of grpcio whose methods take and give plain bytes. It prints its ports and serves until it is ended:
the first has reflection v1alpha, the second v1."""

import os
import signal
import threading
import time
from concurrent import futures

import google.protobuf.api_pb2  # for reflection: a file that imports others
import grpc
from grpc_health.v1 import health, health_pb2_grpc
from grpc_reflection.v1alpha import reflection, reflection_pb2

SERVICES = ("grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection")


def echo(message, context):
    """The metadata whose names begin with x- come back before the message, and with t- in front behind it."""
    metadata = [(key, value) for key, value in context.invocation_metadata() if key.startswith("x-")]
    context.send_initial_metadata(metadata)
    context.set_trailing_metadata([("t-" + key, value) for key, value in metadata])
    return message


def zip_up(message, context):
    context.set_compression(grpc.Compression.Gzip)
    return message


def repeat(message, context):
    for number in range(int(message)):
        yield b"%d" % number


def zip_up_each(messages, context):
    context.set_compression(grpc.Compression.Gzip)
    yield from messages


def join(messages, context):
    return b"".join(messages)


def chat(messages, context):
    yield from messages


def fail(message, context):
    code = {code.value[0]: code for code in grpc.StatusCode}[int(message)]
    context.set_trailing_metadata([("grpc-status-details-bin", b"\x08" + message), ("x-why", "because")])
    context.abort(code, f"nö: 5 % short of {int(message)}")


def fail_late(message, context):
    yield b"first"
    fail(message, context)


def sleep(message, context):
    ended = threading.Event()
    context.add_callback(ended.set)
    ended.wait(60)
    return b""


def sleep_late(message, context):
    yield b"first"
    yield sleep(message, context)


def remaining(message, context):
    return b"%f" % context.time_remaining()


def slowly(message, context):
    for number in range(3):
        yield b"%d" % number
        time.sleep(0.15)


def die(message, context):
    yield b"last words"
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


def talk_first(messages, context):
    """Says 10 MiB before it listens."""
    for _ in range(40):
        yield bytes(256 << 10)
    yield b"%d" % sum(map(len, messages))


UNARY = {"Echo": echo, "Zip": zip_up, "Fail": fail, "Sleep": sleep, "Remaining": remaining}
ANSWERS = {"Repeat": repeat, "FailLate": fail_late, "SleepLate": sleep_late, "Slowly": slowly, "Die": die}
BOTH = {"Chat": chat, "TalkFirst": talk_first, "ZipEach": zip_up_each}


def method_handlers():
    handlers = {name: grpc.unary_unary_rpc_method_handler(method) for name, method in UNARY.items()}
    handlers |= {name: grpc.unary_stream_rpc_method_handler(method) for name, method in ANSWERS.items()}
    handlers |= {name: grpc.stream_stream_rpc_method_handler(method) for name, method in BOTH.items()}
    handlers["Join"] = grpc.stream_unary_rpc_method_handler(join)
    return grpc.method_handlers_generic_handler("t", handlers)


def start(add):
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=16),
        options=[("grpc.max_receive_message_length", -1), ("grpc.so_reuseport", 0)],
    )
    server.add_generic_rpc_handlers([method_handlers()])
    health_pb2_grpc.add_HealthServicer_to_server(health.HealthServicer(), server)
    add(server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def add_v1(server):
    """v1 is v1alpha under another name."""
    method = grpc.stream_stream_rpc_method_handler(
        reflection.ReflectionServicer(SERVICES).ServerReflectionInfo,
        reflection_pb2.ServerReflectionRequest.FromString,
        reflection_pb2.ServerReflectionResponse.SerializeToString,
    )
    handlers = {"ServerReflectionInfo": method}
    server.add_generic_rpc_handlers(
        [grpc.method_handlers_generic_handler("grpc.reflection.v1.ServerReflection", handlers)]
    )


first, first_port = start(lambda server: reflection.enable_server_reflection(SERVICES, server))
second, second_port = start(add_v1)
print(first_port, second_port, flush=True)
first.wait_for_termination()
