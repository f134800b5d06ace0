"""grpc.health.v1 as most services get it: grpcio with grpcio-health-checking. At the port given, or 18085; `down` does not serve."""
import sys
from concurrent import futures

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

port = sys.argv[1] if len(sys.argv) > 1 else "18085"
server = grpc.server(futures.ThreadPoolExecutor(max_workers=1))
servicer = health.HealthServicer()
servicer.set("", health_pb2.HealthCheckResponse.SERVING)
servicer.set("down", health_pb2.HealthCheckResponse.NOT_SERVING)
health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
if server.add_insecure_port(f"127.0.0.1:{port}") == 0:
    raise SystemExit(f"port {port} is taken")
server.start()
server.wait_for_termination()
