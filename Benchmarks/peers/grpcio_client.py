"""The test that one writes by hand: PORT COUNT. Calls grpc.health.v1 so often, compares each answer, and prints the seconds of that."""
import sys
import time

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

port, count = int(sys.argv[1]), int(sys.argv[2])
stub = health_pb2_grpc.HealthStub(grpc.insecure_channel(f"127.0.0.1:{port}"))
started = time.perf_counter()
for number in range(count):
    answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=10)
    if answer.status != health_pb2.HealthCheckResponse.SERVING:
        raise SystemExit(f"case {number}: expected SERVING, got {answer}")
print(time.perf_counter() - started)
