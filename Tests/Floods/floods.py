#!/usr/bin/env python3
"""A gateway under each flood and slow shape, while an honest edge polls it: does the edge notice?

For each shape: 50 hostile connections for 20 s (--connections, --seconds), and beside them an edge that polls 10 times a second
on a kept connection and as often on a new one. Asked for: no answer but 200, the edge's p99 under 20 ms, the gateway's memory
within 8 MB of what it was, the offenders cut and counted. Then 20,000 idle connections are offered. Ends with 1 if anything is
short of that.
"""
import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from attack import bounds_met
from shapes import SHAPES

HERE = Path(__file__).resolve().parent
HEALTH, ADMIN = 19980, 19981
MOST_GROWTH_MB, MOST_P99_MS = 8, 20


class App(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Gateway:
    def __init__(self, binary, app_port):
        self.folder = tempfile.TemporaryDirectory(prefix="floods-")
        config = Path(self.folder.name) / "gateway.yaml"
        config.write_text(f"""host: flooded
listen: {{ health: 127.0.0.1:{HEALTH}, admin: 127.0.0.1:{ADMIN} }}
state_dir: {self.folder.name}/state
apps:
  web: {{ check: http://127.0.0.1:{app_port}/, through: none }}
""")
        self.log = open(Path(self.folder.name) / "log", "wb")
        self.process = subprocess.Popen(["taskset", "-c", "0", binary, "serve", "--config", str(config)],
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        end = time.monotonic() + 10
        while poll_once(None)[0] != 200:
            if time.monotonic() > end or self.process.poll() is not None:
                sys.exit("the gateway did not come up: " + (Path(self.folder.name) / "log").read_text()[-2000:])

    def memory(self):
        return int(re.search(r"Rss:\s+(\d+)", Path(f"/proc/{self.process.pid}/smaps_rollup").read_text())[1]) / 1024

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def counts(self):
        return bounds_met(ADMIN)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(15)
        self.log.close()
        lines = len((Path(self.folder.name) / "log").read_text().splitlines())
        self.folder.cleanup()
        return code, lines


def poll_once(kept):
    """One poll; (status or the error's name, the connection if it can be used again)."""
    try:
        if kept is None:
            kept = socket.socket()
            kept.settimeout(5)
            kept.connect(("127.0.0.1", HEALTH))
        kept.sendall(b"GET /readyz HTTP/1.1\r\nhost: edge\r\nx-healthgate-edge: honest\r\n\r\n")
        answer = b""
        while b"\r\n\r\n" not in answer:
            part = kept.recv(4096)
            if not part:
                return "closed", None
            answer += part
        return int(answer.split(b" ", 2)[1]), kept
    except OSError as error:
        return type(error).__name__, None


class Edge(threading.Thread):
    """Polls 10 times a second, on one connection or on a new one each time."""

    def __init__(self, keeps):
        super().__init__(daemon=True)
        self.keeps, self.times, self.answers, self.over = keeps, [], {}, threading.Event()

    def run(self):
        kept, due = None, time.monotonic()
        while not self.over.wait(max(0, due - time.monotonic())):
            due += 0.1
            began = time.monotonic()
            answer, kept = poll_once(kept)
            self.times.append((time.monotonic() - began) * 1000)
            self.answers[answer] = self.answers.get(answer, 0) + 1
            if kept and not self.keeps:
                kept.close()
                kept = None

    def p99(self):
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


def beside_edges(body):
    """Runs it while both edges poll. Returns what it returned, each p99 (kept, new), and all answers."""
    edges = [Edge(True), Edge(False)]
    for edge in edges:
        edge.start()
    try:
        result = body()
    finally:
        for edge in edges:
            edge.over.set()
            edge.join()
    answers = {}
    for edge in edges:
        for answer, count in edge.answers.items():
            answers[answer] = answers.get(answer, 0) + count
    return result, [edge.p99() for edge in edges], answers


def under(gateway, name, expected, attack, needs_cut=True):
    """One line of the table. True: all as it should be."""
    before, counted = gateway.memory(), gateway.counts()
    (result, peak), (kept, new), answers = beside_edges(lambda: watched(gateway, attack))
    now = gateway.counts()
    met = {bound: now[bound] - counted[bound] for bound in now if now[bound] > counted[bound] and bound != "idle"}
    wrong = []
    if set(answers) != {200}:
        wrong.append(f"edge got {answers}")
    # In a queue of new connections a new one waits for its turn, whatever is done with those before it.
    p99 = kept if name.endswith("idle connections") else max(kept, new)
    if p99 > MOST_P99_MS:
        wrong.append(f"p99 {p99:.1f} ms")
    if peak - before > MOST_GROWTH_MB:
        wrong.append(f"grew by {peak - before:.1f} MB")
    if not any(bound in met for bound in expected):
        wrong.append(f"not counted as {' or '.join(expected)}")
    if needs_cut and result["never"]:
        wrong.append(f"{result['never']} were never cut")
    counts = " ".join(f"{bound} {count}" for bound, count in met.items())
    print(f"{'ok  ' if not wrong else 'BAD '} {name:32} p99 kept {kept:5.1f} new {new:5.1f} ms  +{max(0, peak - before):4.1f} MB  "
          f"cut {result['cut']:6}  {counts}{'  <- ' + '; '.join(wrong) if wrong else ''}", flush=True)
    return not wrong


def watched(gateway, attack):
    """The attack's own result, and the most memory that the gateway had meanwhile, in MB."""
    peak, over = [0.0], threading.Event()

    def look():
        while not over.wait(0.2):
            peak[0] = max(peak[0], gateway.memory())

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    result = attack()
    over.set()
    watcher.join()
    return result, max(peak[0], gateway.memory())


def attack(options, *arguments):
    argv = ["nice", "-n", "19", "taskset", "-c", "1", sys.executable, str(HERE / "attack.py"), "--port", str(HEALTH),
            "--connections", str(options.connections), "--seconds", str(options.seconds), "--source", "127.0.0.3", *arguments]
    run = subprocess.run(argv, capture_output=True, text=True, timeout=options.seconds + 60)
    if run.returncode:
        sys.exit(f"{' '.join(arguments)}: {run.stderr}")
    return json.loads(run.stdout)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--healthgate", required=True)
    options.add_argument("--seconds", type=float, default=20)
    options.add_argument("--connections", type=int, default=50)
    options.add_argument("--idle", type=int, default=20000)
    options.add_argument("--only", nargs="*", help="names of shapes")
    options = options.parse_args()
    app = ThreadingHTTPServer(("127.0.0.1", 0), App)
    threading.Thread(target=app.serve_forever, daemon=True).start()
    gateway = Gateway(options.healthgate, app.server_address[1])
    os.sched_setaffinity(0, {1})
    good = True
    try:
        time.sleep(2)  # a start takes memory that it gives back
        first = gateway.memory(), gateway.descriptors()
        for shape in SHAPES:
            if not options.only or shape.name in options.only:
                good &= under(gateway, shape.name, shape.bounds, lambda: attack(options, "--shape", shape.name))
        if options.idle:
            good &= under(gateway, f"{options.idle} idle connections", ("connections", "connections_per_peer"),
                          lambda: attack(options, "--idle", str(options.idle)))
        time.sleep(4)  # so long it takes to give memory back after a storm
        last = gateway.memory(), gateway.descriptors()
        print(f"memory {first[0]:.1f} -> {last[0]:.1f} MB, descriptors {first[1]} -> {last[1]}")
        good &= last[1] <= first[1] + 2
    finally:
        code, lines = gateway.stop()
    print(f"the gateway ended with {code} and wrote {lines} lines of log")
    sys.exit(0 if good and code == 0 else 1)


if __name__ == "__main__":
    main()
