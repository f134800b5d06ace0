"""The servers that are compared: how each is started, and what it costs while it runs."""
import os
import signal
import socket
import subprocess
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HERE = Path(__file__).resolve().parent
SERVER_CORE, LOAD_CORE = 0, 1
TICKS = os.sysconf("SC_CLK_TCK")


class BenchmarkError(Exception):
    """Said once, in words; the run ends."""


def require(condition, message):
    if not condition:
        raise BenchmarkError(message)


class Server:
    """One product on the server core. `h1`, `h2` and `grpc` are its ports; None: it cannot."""

    def __init__(self, name, argv, h1=None, h2=None, grpc=None):
        self.name, self.argv = name, argv
        self.h1, self.h2, self.grpc = h1, h2, grpc
        self.process = self.folder = None

    def start(self):
        """Starts it and returns the seconds to the first answer and to the first 200."""
        for port in {self.h1, self.h2, self.grpc} - {None}:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError as error:
                    raise BenchmarkError(f"port {port} for {self.name}: {error.strerror}") from None
        self.folder = tempfile.TemporaryDirectory(prefix="bench-")
        argv = [word.replace("{folder}", self.folder.name) for word in self.argv]
        log = open(Path(self.folder.name) / "log", "wb")
        os.sched_setaffinity(0, {SERVER_CORE})  # inherited by the child
        started = time.perf_counter()
        self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        os.sched_setaffinity(0, {LOAD_CORE})
        log.close()
        try:
            return self.wait(started)
        except BenchmarkError:
            self.stop()
            raise

    def wait(self, started):
        first = None
        while time.perf_counter() - started < 15:
            if self.process.poll() is not None:
                log = (Path(self.folder.name) / "log").read_text(errors="replace")
                raise BenchmarkError(f"{self.name} ended with {self.process.returncode}: {log[-2000:]}")
            status = self.ask()
            if status is not None and first is None:
                first = time.perf_counter() - started
            if status == 200:
                return first, time.perf_counter() - started
            time.sleep(0.0002)
        raise BenchmarkError(f"{self.name} gave no 200 within 15 s")

    def ask(self):
        """The status of one answer; None while nobody listens. A gRPC-only server answers by accepting."""
        try:
            with socket.create_connection(("127.0.0.1", self.h1 or self.grpc), timeout=2) as peer:
                if self.h1 is None:
                    return 200
                peer.sendall(b"GET /readyz HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n")
                head = peer.recv(4096)
                return int(head.split(b" ", 2)[1]) if head.startswith(b"HTTP/1.1 ") else None
        except (ConnectionError, TimeoutError):
            return None

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.folder:
            self.folder.cleanup()
        self.process = self.folder = None

    def pids(self):
        """Its process and all below it."""
        found, parents = [self.process.pid], {}
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    parents.setdefault(int(stat_fields(entry)[1]), []).append(int(entry))
                except (FileNotFoundError, ProcessLookupError):
                    continue
        for pid in found:
            found.extend(parents.get(pid, []))
        return found

    def cpu(self):
        """Seconds of CPU used so far, user and system, all its processes."""
        return sum(sum(map(int, stat_fields(pid)[11:13])) for pid in self.pids()) / TICKS

    def memory(self):
        """MiB, (resident, proportional), all its processes."""
        rss = pss = 0
        for pid in self.pids():
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Rss:"):
                    rss += int(line.split()[1])
                elif line.startswith("Pss:"):
                    pss += int(line.split()[1])
        return rss / 1024, pss / 1024


def stat_fields(pid):
    """The fields of /proc/PID/stat after the command's name: [0] state, [1] parent, [11] utime, [12] stime."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()


class App:
    """What healthgate checks during the benchmark: an app that is up."""

    def __init__(self):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self.send_response(200)
                self.send_header("content-length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def healthgate(binary, app, folder):
    """As in production: a check that runs once a second, freshness, counters, the table of edge checkers, an admin port."""
    config = Path(folder) / "gateway.yaml"
    config.write_text(
        f"""host: bench
listen: {{ health: 127.0.0.1:18080, admin: 127.0.0.1:18089 }}
state_dir: {folder}/state
limits: {{ connections_per_peer: 1024 }}   # all of the load is one peer
apps:
  web: {{ check: "http://127.0.0.1:{app.port}/healthz", through: none }}
"""
    )
    return Server("healthgate", [str(binary), "serve", "--config", str(config)], h1=18080, h2=18080, grpc=18080)


def peers(tools):
    """nginx, HAProxy and Envoy's filter cannot answer grpc.health.v1 (no message with trailers), grpcio answers nothing else."""
    at = HERE / "peers"
    return [
        Server("nginx", [tools["nginx"], "-p", "{folder}", "-e", "stderr", "-c", f"{at}/nginx.conf"], h1=18081, h2=18082),
        Server("haproxy", [tools["haproxy"], "-db", "-f", f"{at}/haproxy.cfg"], h1=18083, h2=18083),
        Server(
            "envoy",
            [tools["envoy"], "-c", f"{at}/envoy.yaml", "--concurrency", "1", "--disable-hot-restart", "-l", "error"],
            h1=18084,
            h2=18084,
        ),
        Server("grpcio", [tools["python"], f"{at}/grpcio_health.py"], grpc=18085),
    ]
