"""Compiles a .proto beside this file, and serves its services on a free port, which is printed."""

import importlib
import sys
import tempfile
from concurrent import futures
from pathlib import Path

import grpc
import grpc_tools
from grpc_reflection.v1alpha import reflection
from grpc_tools import protoc


def compiled(path):
    """The two modules that protoc makes of it."""
    path = Path(path)
    with tempfile.TemporaryDirectory() as folder:
        known = Path(grpc_tools.__file__).parent / "_proto"
        argv = ["protoc", f"-I{path.parent}", f"-I{known}", f"--python_out={folder}", f"--grpc_python_out={folder}", str(path)]
        if protoc.main(argv) != 0:
            raise SystemExit(f"protoc: {path}")
        sys.path.insert(0, folder)
        return importlib.import_module(f"{path.stem}_pb2"), importlib.import_module(f"{path.stem}_pb2_grpc")


def serve(add, services=(), workers=16, **options):
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=workers),
        options=[("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", -1)],
        **options,
    )
    add(server)
    if services:
        reflection.enable_server_reflection([*services, reflection.SERVICE_NAME], server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    server.wait_for_termination()
