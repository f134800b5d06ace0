#!/usr/bin/env python3
"""`healthgate apitest run` with 1,000 unary cases beside a test written by hand with Python's grpcio.

Both call grpc.health.v1 of the same server, one call after the other over one connection, and compare each answer; first against
grpcio's server, then against healthgate's own, which leaves more of the time to the client. In turn, in an order that is reversed
from round to round; ratios are taken within a round. Then the time from just before `fork` until a server sees the first call,
with a .proto that was parsed for it.
"""
import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from bench import show, table
from servers import LOAD_CORE, App, BenchmarkError, Server, healthgate, require

HERE = Path(__file__).resolve().parent
PYTHON = HERE.parent / ".venv/bin/python"


def suite(folder, count):
    path = Path(folder) / f"{count}.yaml"
    lines = ["- testName: bench", f"  proto: {HERE}/peers/health.proto", "  serviceName: Health", "  cases:"]
    for number in range(count):
        lines += [f"  - name: case {number}", "    methodName: Check", "    detail:", "      requests:", "      - service: ''"]
        lines += ["      responses:", "      - status: SERVING"]
    path.write_text("\n".join(lines) + "\n")
    return path


def timed(argv):
    """Its output, the seconds of the whole process, and those of CPU."""
    before = os.times()
    started = time.perf_counter()
    done = subprocess.run(argv, capture_output=True, text=True)
    whole = time.perf_counter() - started
    after = os.times()
    require(done.returncode == 0, f"{argv[0]} ended with {done.returncode}: {done.stdout}{done.stderr}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return done.stdout, whole, cpu


def ours(binary, path, port):
    out, whole, cpu = timed([binary, "apitest", "run", path, "--address", f"127.0.0.1:{port}", "--json", "-"])
    run = json.loads(out)
    return {"whole": whole, "calls": run["took_ms"] / 1000, "cpu": cpu, "passed": run["counts"]["pass"]}


def theirs(count, port):
    out, whole, cpu = timed([PYTHON, HERE / "peers/grpcio_client.py", str(port), str(count)])
    return {"whole": whole, "calls": float(out), "cpu": cpu, "passed": count}


def first_call(binary, path):
    """Seconds until a server that answers nothing has seen the head of a call."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        seen = []

        def watch():
            peer, _ = listener.accept()
            with peer:
                peer.sendall(b"\0\0\0\4\0\0\0\0\0")  # SETTINGS
                data = b""
                while chunk := peer.recv(65536):
                    data += chunk
                    frames = data[24:]  # behind the preface
                    while len(frames) >= 9:
                        if frames[3] == 1:  # HEADERS
                            seen.append(time.perf_counter())
                            return
                        frames = frames[9 + int.from_bytes(frames[:3], "big"):]

        thread = threading.Thread(target=watch)
        thread.start()
        argv = [binary, "apitest", "run", path, "--address", f"127.0.0.1:{listener.getsockname()[1]}"]
        started = time.perf_counter()
        process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        thread.join(20)
        process.kill()  # the cases behind it would wait in vain
        process.wait()
    require(seen, "no call was seen")
    return seen[0] - started


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--healthgate", type=Path, required=True, help="the release binary")
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--cases", type=int, default=1000)
    options.add_argument("--gate", action="store_true", help="exit 1 where it is slower, or the first call later than 100 ms")
    chosen = options.parse_args()
    binary = chosen.healthgate.resolve()
    missed = []
    print(f"load average {os.getloadavg()[0]:.1f}; medians of {chosen.rounds} rounds of {chosen.cases} cases")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        path, rows = suite(folder, chosen.cases), []
        grpcio = Server("grpcio", [str(PYTHON), f"{HERE}/peers/grpcio_health.py"], grpc=18085)
        for server in [grpcio, healthgate(binary, App(), folder)]:
            server.start()
            try:
                rounds = []
                for index in range(chosen.rounds + 1):
                    clients = {"apitest": lambda: ours(binary, path, server.grpc), "grpcio": lambda: theirs(chosen.cases, server.grpc)}
                    names = list(clients) if index % 2 == 0 else list(reversed(clients))
                    rounds.append({name: clients[name]() for name in names})
                    require(rounds[-1]["apitest"]["passed"] == chosen.cases, "not all cases passed")
                rounds = rounds[1:]  # the first one warms up
            finally:
                server.stop()
            for field, title in [("whole", "whole process"), ("calls", "calls alone"), ("cpu", "CPU")]:
                us, them = (statistics.median(found[name][field] for found in rounds) for name in ["apitest", "grpcio"])
                ratio = statistics.median(found["apitest"][field] / found["grpcio"][field] for found in rounds)
                rows.append([f"{server.name}'s server", title, show(us * 1000, "{:.0f}"), show(them * 1000, "{:.0f}"), show(ratio)])
                if ratio >= 1:
                    missed.append(f"{title} against {server.name}'s server: {ratio:.2f}")
        table(["against", "ms", "apitest", "grpcio by hand", "ratio"], rows)
        print()
        os.sched_setaffinity(0, {LOAD_CORE})
        for count in [1, chosen.cases]:
            times = sorted(first_call(binary, suite(folder, count)) for _ in range(2 * chosen.rounds + 1))
            print(f"start to first call, {count} cases: median {statistics.median(times) * 1000:.1f} ms, worst {times[-1] * 1000:.1f} ms")
            if count == 1 and statistics.median(times) >= 0.1:
                missed.append("the first call comes later than after 100 ms")
    for miss in missed:
        print(f"missed: {miss}")
    if missed and chosen.gate:
        sys.exit(1)


if __name__ == "__main__":
    try:
        main()
    except BenchmarkError as error:
        sys.exit(f"bench: {error}")
