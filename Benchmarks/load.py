"""The load: wrk and h2load on the load core, and what the server spent meanwhile."""
import re
import socket
import statistics
import subprocess
import tempfile
from pathlib import Path

from servers import LOAD_CORE, require

EDGE = "x-healthgate-edge: bench"  # as a Front sends it; every server gets the same headers
UNITS = {"us": 1, "ms": 1000, "s": 1_000_000}


def run(argv, seconds):
    done = subprocess.run(
        ["taskset", "-c", str(LOAD_CORE), *argv], capture_output=True, text=True, timeout=seconds + 60
    )
    require(done.returncode == 0, f"{' '.join(argv)} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def spent(server, load):
    """Runs the load and adds what one request cost the server, in us of CPU."""
    before = server.cpu()
    result = load()
    result["us"] = (server.cpu() - before) * 1e6 / result["requests"]
    return result


def wrk(port, connections, seconds):
    url = f"http://127.0.0.1:{port}/readyz"
    out = run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-H", EDGE, url], seconds)
    require("Socket errors" not in out and "Non-2xx" not in out, f"wrk on port {port}: {out}")
    quantile = lambda share: next(
        float(number) * UNITS[unit] for number, unit in re.findall(rf"{share}%\s+([\d.]+)(us|ms|s)\b", out)
    )
    requests, elapsed = re.search(r"(\d+) requests in ([\d.]+)s", out).groups()
    return {"requests": int(requests), "rps": int(requests) / float(elapsed), "p50": quantile(50), "p99": quantile(99)}


def h2load(url, streams, seconds, extra=(), http1=False):
    """Requests for `seconds` from 64 connections; then a short run with a line a request, for the quantiles."""
    argv = ["h2load", "-c64", f"-m{streams}", "-t1", "-H", EDGE, *(["--h1"] if http1 else []), *extra]
    out = run([*argv, "-D", str(seconds), url], seconds)
    requests, failed, errored = re.search(r"requests: .*?(\d+) done, \d+ succeeded, (\d+) failed, (\d+) errored", out).groups()
    # h2load counts what was under way at the end as nothing; a failure is one that the server made.
    require(failed == errored == "0" and int(requests) > 0, f"h2load on {url}: {out}")
    rps = float(re.search(r"finished in [\d.]+\w+, ([\d.]+) req/s", out).group(1))
    return {"requests": int(requests), "rps": rps}


def h2load_latency(url, streams, extra=()):
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        run(["h2load", "-c64", f"-m{streams}", "-t1", "-D1", f"--log-file={log}", "-H", EDGE, *extra, url], 1)
        times = [int(line.split("\t")[2]) for line in log.read_text().splitlines()]
    cuts = statistics.quantiles(times, n=100)
    return {"p50": cuts[49], "p99": cuts[98]}


def grpc_extra(folder):
    """h2load's options for a Check of service "": an empty message, five bytes of framing."""
    data = Path(folder) / "check.bin"
    data.write_bytes(b"\0\0\0\0\0")
    return ["-d", str(data), "-H", "content-type: application/grpc", "-H", "te: trailers"]


def verify_grpc(url, extra):
    """h2load sees only the status 200; so one call is looked at whole first."""
    out = subprocess.run(["nghttp", "-v", *extra, url], capture_output=True, text=True, timeout=30).stdout
    require("grpc-status: 0" in out, f"{url} did not answer a gRPC Check: {out}")


def idle_connections(server, count=450):
    """Bytes of memory that a connection costs which has asked once and waits, by protocol."""
    found, peers = {}, []
    try:
        # All stay open to the end, so that the second kind does not live in what the first gave back.
        for kind, port, opening in (("h1 conn", server.h1, HTTP1_OPENING), ("h2 conn", server.h2, HTTP2_OPENING)):
            before = server.memory()[0]
            for _ in range(count):
                peer = socket.create_connection(("127.0.0.1", port), timeout=5)
                peers.append(peer)
                peer.sendall(opening)
                require(peer.recv(4096), f"{server.name} closed an idle connection")
            found[kind] = {"bytes": (server.memory()[0] - before) * 1024 * 1024 / count}
    finally:
        for peer in peers:
            peer.close()
    return found


HTTP1_OPENING = b"GET /readyz HTTP/1.1\r\nhost: bench\r\n\r\n"
# Preface, empty SETTINGS, HEADERS on stream 1: GET, http, :path /readyz, :authority bench.
BLOCK = b"\x82\x86\x04\x07/readyz\x01\x05bench"
HTTP2_OPENING = (
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    + b"\0\0\0\x04\0\0\0\0\0"
    + len(BLOCK).to_bytes(3, "big") + b"\x01\x05\0\0\0\x01" + BLOCK
)
