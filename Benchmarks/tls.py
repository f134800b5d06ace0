#!/usr/bin/env python3
"""healthgate's health answer over TLS beside nginx and HAProxy, all with the same certificate.

Polls on kept connections by HTTP/1.1 and HTTP/2, and a new connection with a full handshake for each poll. One run, rounds in
turn, CPU per request as a ratio: as in bench.py.
"""
import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import find_tools, number, show, table, values
from load import EDGE, h2load, run, spent
from servers import App, BenchmarkError, Server, require

HERE = Path(__file__).resolve().parent
CASES = [
    ("h1", "HTTP/1.1 keep-alive, 64 connections (wrk)"),
    ("h2", "HTTP/2, 64 connections of 10 streams (h2load)"),
    ("handshake", "a full handshake for each poll, 8 connections (wrk)"),
]


class TLSServer(Server):
    def ask(self):
        """The status of one answer over TLS; None while nobody listens."""
        out = subprocess.run(["curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}", f"https://127.0.0.1:{self.h1}/readyz"],
                             capture_output=True, text=True, timeout=10).stdout
        return int(out) or None


def certificate(folder):
    argv = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=bench", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"]
    made = subprocess.run(argv, capture_output=True, text=True)
    require(made.returncode == 0, made.stderr)
    both = Path(folder) / "both.pem"
    both.write_text((Path(folder) / "cert.pem").read_text() + (Path(folder) / "key.pem").read_text())


def servers(binary, app, folder, tools):
    cert, key = f"{folder}/cert.pem", f"{folder}/key.pem"
    files = {
        "gateway.yaml": f"""host: bench
listen: {{ health: 127.0.0.1:18180, health_tls: {{ cert: {cert}, key: {key} }}, admin: 127.0.0.1:18189 }}
state_dir: {folder}/state
apps:
  web: {{ check: "http://127.0.0.1:{app.port}/healthz", through: none }}
""",
        "nginx.conf": secured((HERE / "peers/nginx.conf").read_text(),
                              "127.0.0.1:18081 backlog=4096;",
                              f"127.0.0.1:18181 ssl http2 backlog=4096; ssl_certificate {cert}; ssl_certificate_key {key}; "
                              "ssl_protocols TLSv1.2 TLSv1.3;"),
        "haproxy.cfg": secured((HERE / "peers/haproxy.cfg").read_text(),
                               "bind 127.0.0.1:18083", f"bind 127.0.0.1:18183 ssl crt {folder}/both.pem alpn h2,http/1.1"),
    }
    for name, text in files.items():
        (Path(folder) / name).write_text(text)
    return [
        TLSServer("healthgate", [str(binary), "serve", "--config", f"{folder}/gateway.yaml"], h1=18180),
        TLSServer("nginx", [tools["nginx"], "-p", "{folder}", "-e", "stderr", "-c", f"{folder}/nginx.conf"], h1=18181),
        TLSServer("haproxy", [tools["haproxy"], "-db", "-f", f"{folder}/haproxy.cfg"], h1=18183),
    ]


def secured(text, plain, sealed):
    require(plain in text, f"the peer's configuration has no {plain!r}")
    return text.replace(plain, sealed)


def wrk(port, connections, seconds, *extra):
    url = f"https://127.0.0.1:{port}/readyz"
    out = run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-H", EDGE, *extra, url], seconds)
    require("Non-2xx" not in out, f"wrk on port {port}: {out}")
    requests, elapsed = re.search(r"(\d+) requests in ([\d.]+)s", out).groups()
    return {"requests": int(requests), "rps": int(requests) / float(elapsed)}


def measure(server, seconds):
    server.start()
    try:
        wrk(server.h1, 64, 1)  # warms up; not counted
        return {
            "h1": spent(server, lambda: wrk(server.h1, 64, seconds)),
            "h2": spent(server, lambda: h2load(f"https://127.0.0.1:{server.h1}/readyz", 10, seconds)),
            "handshake": spent(server, lambda: wrk(server.h1, 8, seconds, "-H", "connection: close")),
        }
    finally:
        server.stop()


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--healthgate", type=Path, required=True, help="the release binary")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=int, default=3)
    chosen = options.parse_args()
    tools, rounds = find_tools(), []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        certificate(folder)
        all_servers = servers(chosen.healthgate.resolve(), App(), folder, tools)
        for index in range(chosen.rounds):
            found = {}
            for server in all_servers if index % 2 == 0 else reversed(all_servers):
                print(f"round {index + 1} of {chosen.rounds}: {server.name}", file=sys.stderr, flush=True)
                found[server.name] = measure(server, chosen.seconds)
            rounds.append(found)
    print(f"TLS, ECDSA P-256; medians of {len(rounds)} rounds of {chosen.seconds} s")
    rows = []
    for case, title in CASES:
        for server in all_servers:
            cpu = number(rounds, server.name, (case, "us"))
            pairs = zip(values(rounds, "healthgate", (case, "us")), values(rounds, server.name, (case, "us")))
            ratios = sorted(ours / theirs for ours, theirs in pairs)
            ratio = "–" if server.name == "healthgate" else show(ratios[len(ratios) // 2])
            rows.append([title, server.name, show(cpu, "{:.1f}"), show(1e6 / cpu, "{:,.0f}"), ratio])
    table(["load", "server", "CPU us/poll", "polls/CPU-second", "healthgate's share"], rows)


if __name__ == "__main__":
    try:
        main()
    except BenchmarkError as error:
        sys.exit(f"bench: {error}")
