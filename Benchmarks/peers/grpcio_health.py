"""grpc.health.v1 as most services get it: grpcio with grpcio-health-checking."""
from concurrent import futures

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

server = grpc.server(futures.ThreadPoolExecutor(max_workers=1))
servicer = health.HealthServicer()
servicer.set("", health_pb2.HealthCheckResponse.SERVING)
health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
if server.add_insecure_port("127.0.0.1:18085") == 0:
    raise SystemExit("port 18085 is taken")
server.start()
server.wait_for_termination()
