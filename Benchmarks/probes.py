#!/usr/bin/env python3
"""healthgate's probes beside blackbox_exporter's: the same targets to both, which must come to the same verdict; then the time and
the CPU of a probe of each kind, both in turn in one run.

healthgate probes by its own timer and keeps what it found; blackbox_exporter probes when it is asked for /probe, and answers
with its metrics. Both is what they are for, and both is counted. See README.md beside this file.
"""
import argparse
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

from backends import Backend, free_port
from bench import find_tools, show, table
from databases import Redis
from endpoints import Certificates, Dnsmasq, GRPC, Nginx
from servers import BenchmarkError, require

INTERVAL = 0.02
# Of the target that each kind is measured with.
MEASURED = ["tcp banner", "tls", "http", "https", "grpc", "dns"]


class Silent:
    """Takes every connection and never says a word."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.peers = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            self.peers.append(self.listener.accept()[0])


class World:
    """The servers that are probed."""

    def __init__(self, tools):
        self.certificates = Certificates()
        self.silent, self.nobody = Silent(), free_port()
        self.redis, self.nginx = Redis(), Nginx(tools["nginx"], self.certificates)
        self.grpc = GRPC(tools["python"])
        self.dns = Dnsmasq("--host-record=app.test,10.1.2.3", "--txt-record=app.test,hello")

    def stop(self):
        for each in (self.redis, self.nginx, self.grpc, self.dns, self.certificates):
            each.stop()


class Row:
    """A target as each of both is told of it. `differs`: why the verdicts are not the same, and are not meant to be."""

    def __init__(self, name, check, module, target, differs=None):
        self.name, self.check, self.module, self.target, self.differs = name, check, module, target, differs


def rows(world):
    """Targets in all the states that both know."""
    n, r, g, d = world.nginx, world.redis.port, world.grpc.port, world.dns.port
    ca = world.certificates.path("ca.pem")
    at = "127.0.0.1:{}".format
    secure = {"ca_file": str(ca)}
    tcp = lambda **options: {"prober": "tcp", "tcp": {"preferred_ip_protocol": "ip4", **options}}
    http = lambda **options: {"prober": "http", "http": {"preferred_ip_protocol": "ip4", **options}}
    grpc = lambda service="": {"prober": "grpc", "grpc": {"preferred_ip_protocol": "ip4", "service": service}}
    dns = lambda name, kind="A", expect=None: {"prober": "dns", "dns": {
        "transport_protocol": "udp", "preferred_ip_protocol": "ip4", "query_name": name, "query_type": kind,
        **({"validate_answer_rrs": {"fail_if_not_matches_regexp": [expect]}} if expect else {})}}
    ping = [{"send": "PING\r"}, {"expect": "^.PONG"}]
    trust = f"tls: {{ ca: {ca} }}"
    return [
        Row("tcp", f"tcp://{at(r)}", tcp(), at(r)),
        Row("tcp refused", f"tcp://{at(world.nobody)}", tcp(), at(world.nobody)),
        Row("tcp banner", (f"tcp://{at(r)}", 'send: "PING\\r\\n"', 'expect: "+PONG"'), tcp(query_response=ping), at(r)),
        Row("tcp other banner", (f"tcp://{at(r)}", 'send: "PING\\r\\n"', 'expect: "+POP"'),
            tcp(query_response=[{"send": "PING\r"}, {"expect": "^.POP"}]), at(r)),
        Row("tcp silent", (f"tcp://{at(world.silent.port)}", 'expect: "+PONG"'), tcp(query_response=[{"expect": "^.PONG"}]),
            at(world.silent.port)),
        Row("tls", (f"tls://{at(n.sealed)}", trust), tcp(tls=True, tls_config=secure), at(n.sealed)),
        Row("tls expired", (f"tls://{at(n.expired)}", trust), tcp(tls=True, tls_config=secure), at(n.expired)),
        Row("tls stranger", (f"tls://{at(n.stranger)}", trust), tcp(tls=True, tls_config=secure), at(n.stranger)),
        Row("tls other name", (f"tls://{at(n.sealed)}", f"tls: {{ ca: {ca}, name: other.example }}"),
            tcp(tls=True, tls_config={**secure, "server_name": "other.example"}), at(n.sealed)),
        Row("tls at a plain port", (f"tls://{at(r)}", trust), tcp(tls=True, tls_config=secure), at(r)),
        Row("tls soon over", (f"tls://{at(n.soon)}", trust, "expect: { valid_for: 7d }"), tcp(tls=True, tls_config=secure), at(n.soon),
            "it leaves the date to a rule of Prometheus; here a check may say for how long it must be valid"),
        Row("http", f"http://{at(n.port)}/ok", http(), f"http://{at(n.port)}/ok"),
        Row("http status 500", f"http://{at(n.port)}/broken", http(), f"http://{at(n.port)}/broken"),
        Row("http status 404", f"http://{at(n.port)}/none", http(), f"http://{at(n.port)}/none"),
        Row("http expects 404", (f"http://{at(n.port)}/none", "expect: { status: 404 }"), http(valid_status_codes=[404]),
            f"http://{at(n.port)}/none"),
        Row("http body", (f"http://{at(n.port)}/ok", "expect: { body: well }"), http(fail_if_body_not_matches_regexp=["well"]),
            f"http://{at(n.port)}/ok"),
        Row("http other body", (f"http://{at(n.port)}/ok", "expect: { body: sick }"),
            http(fail_if_body_not_matches_regexp=["sick"]), f"http://{at(n.port)}/ok"),
        Row("http refused", f"http://{at(world.nobody)}/", http(), f"http://{at(world.nobody)}/"),
        Row("http silent", f"http://{at(world.silent.port)}/", http(), f"http://{at(world.silent.port)}/"),
        Row("http at another server", f"http://{at(r)}/", http(), f"http://{at(r)}/"),
        Row("http moved", f"http://{at(n.port)}/moved", http(follow_redirects=False), f"http://{at(n.port)}/moved"),
        Row("http moved, followed", f"http://{at(n.port)}/moved", http(), f"http://{at(n.port)}/moved",
            "it follows redirects unless told; a check here judges the target's own answer"),
        Row("https", (f"https://{at(n.sealed)}/", trust), http(tls_config=secure), f"https://{at(n.sealed)}/"),
        Row("https expired", (f"https://{at(n.expired)}/", trust), http(tls_config=secure), f"https://{at(n.expired)}/"),
        Row("grpc", f"grpc://{at(g)}/", grpc(), at(g)),
        Row("grpc NOT_SERVING", f"grpc://{at(g)}/down", grpc("down"), at(g)),
        Row("grpc unknown service", f"grpc://{at(g)}/nope", grpc("nope"), at(g)),
        Row("grpc refused", f"grpc://{at(world.nobody)}/", grpc(), at(world.nobody)),
        Row("grpc at HTTP/1", f"grpc://{at(n.port)}/", grpc(), at(n.port)),
        Row("dns", f"dns://{at(d)}/app.test", dns("app.test"), at(d)),
        Row("dns expects", (f"dns://{at(d)}/app.test", "expect: 10.1.2.3"), dns("app.test", expect=".*\\tA\\t10.1.2.3"), at(d)),
        Row("dns expects other", (f"dns://{at(d)}/app.test", "expect: 10.1.2.4"), dns("app.test", expect=".*\\tA\\t10.1.2.4"), at(d)),
        Row("dns NXDOMAIN", f"dns://{at(d)}/none.test", dns("none.test"), at(d)),
        Row("dns REFUSED", f"dns://{at(d)}/elsewhere.example", dns("elsewhere.example"), at(d)),
        Row("dns refused", f"dns://{at(world.nobody)}/app.test", dns("app.test"), at(world.nobody)),
        Row("dns no record", (f"dns://{at(d)}/app.test", "type: MX"), dns("app.test", "MX"), at(d),
            "an answer without a record is a good one to it; here the target's name must lead somewhere"),
    ]


class Healthgate(Backend):
    def __init__(self, binary, checks):
        super().__init__("healthgate")
        self.admin = free_port()
        lines = []
        for index, row in enumerate(checks):
            url, *more = [row.check] if isinstance(row.check, str) else row.check
            lines.append(f"  c{index}: {{ {', '.join([f'check: {json.dumps(url)}', *more])} }}\n")
        config = self.folder / "gateway.yaml"
        config.write_text(f"""host: bench
listen: {{ health: 127.0.0.1:{self.port}, admin: 127.0.0.1:{self.admin} }}
state_dir: {self.folder}/state
defaults: {{ through: none, interval: {int(INTERVAL * 1000)}ms, down_interval: {int(INTERVAL * 1000)}ms, timeout: 1s, rise: 1, fall: 1, hold_down: off }}
apps: {{}}
upstreams:
""" + "".join(lines))
        self.start(binary, "serve", "--config", config)
        self.peer = http.client.HTTPConnection("127.0.0.1", self.admin, timeout=10)

    def get(self, path):
        self.peer.request("GET", path)
        return self.peer.getresponse().read().decode()

    def verdicts(self, count):
        """The state of each check and why, once all have one that they keep."""
        for _ in range(200):
            found = {row["name"]: row for row in json.loads(self.get("/status"))["checks"]}
            if all(row["state"] in ("up", "down", "degraded") for row in found.values()):
                return [(found[f"c{index}"]["state"], found[f"c{index}"].get("reason")) for index in range(count)]
            time.sleep(0.05)
        raise BenchmarkError(f"healthgate has checks without a verdict: {found}")

    def metric(self, name):
        return next(float(line.split()[-1]) for line in self.get("/metrics").splitlines() if line.startswith(name + "{"))


class Blackbox(Backend):
    def __init__(self, program, modules):
        super().__init__("blackbox")
        config = self.folder / "blackbox.yml"
        # JSON is YAML.
        config.write_text(json.dumps({"modules": {f"m{index}": {"timeout": "1s", **row.module} for index, row in enumerate(modules)}}))
        self.start(program, f"--config.file={config}", f"--web.listen-address=127.0.0.1:{self.port}", "--log.level=error")
        self.peer = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)

    def probe(self, index, target):
        """Whether it found the target up, and how many seconds that took."""
        self.peer.request("GET", f"/probe?target={target}&module=m{index}")
        answer = self.peer.getresponse()
        text = answer.read().decode()
        require(answer.status == 200, f"blackbox_exporter: {text}")
        found = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
        return found["probe_success"] == "1", float(found["probe_duration_seconds"])


def cpu(process):
    """Seconds of CPU of a process's threads, to the nanosecond."""
    return sum(int((task / "schedstat").read_text().split()[0]) for task in Path(f"/proc/{process.pid}/task").iterdir()) / 1e9


def compare(binary, program, all_rows):
    """Prints what both say of each target. True when they agree, but where they are not meant to."""
    ours, theirs = Healthgate(binary, all_rows), Blackbox(program, all_rows)
    try:
        said = ours.verdicts(len(all_rows))
        found = [theirs.probe(index, row.target)[0] for index, row in enumerate(all_rows)]
    finally:
        ours.stop(), theirs.stop()
    lines, good = [], True
    for row, (state, reason), up in zip(all_rows, said, found):
        agrees = (state == "up") == up
        # One that is told to differ, and does not, is explained wrongly.
        fits = agrees == (row.differs is None)
        good = good and fits
        note = "" if agrees and fits else row.differs if fits else "DISAGREE" if row.differs is None else "agree, and should not"
        lines.append([row.name, state + (f", {reason}" if reason else ""), "up" if up else "down", note])
    table(["target", "healthgate", "blackbox_exporter", ""], lines)
    return good


def measure_ours(binary, row, seconds):
    ours = Healthgate(binary, [row])
    try:
        ours.verdicts(1)
        time.sleep(0.5)  # warms up; not counted
        times, used, count = [], cpu(ours.process), ours.metric("healthgate_probes_total")
        end = time.perf_counter() + seconds
        # What is read costs it as well: so it is read seldom, and the times are a sample.
        while time.perf_counter() < end:
            time.sleep(seconds / 10)
            times.append(ours.metric("healthgate_probe_seconds"))
        used, count = cpu(ours.process) - used, ours.metric("healthgate_probes_total") - count
    finally:
        ours.stop()
    return {"us": used / count * 1e6, "ms": statistics.median(times) * 1e3, "probes": count}


def measure_theirs(program, row, seconds):
    theirs = Blackbox(program, [row])
    try:
        for _ in range(int(0.5 / INTERVAL)):  # warms up; not counted
            theirs.probe(0, row.target)
        times, used, end = [], cpu(theirs.process), time.perf_counter() + seconds
        next_one = time.perf_counter()
        while next_one < end:
            up, took = theirs.probe(0, row.target)
            require(up, f"blackbox_exporter finds {row.name} down")
            times.append(took)
            next_one += INTERVAL
            time.sleep(max(0, next_one - time.perf_counter()))
        used = cpu(theirs.process) - used
    finally:
        theirs.stop()
    return {"us": used / len(times) * 1e6, "ms": statistics.median(times) * 1e3, "probes": len(times)}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--healthgate", type=Path, required=True, help="the release binary")
    options.add_argument("--rounds", type=int, default=3, help="medians are taken over these (default 3)")
    options.add_argument("--seconds", type=float, default=3, help="of each measurement (default 3)")
    chosen = options.parse_args()
    program = shutil.which("prometheus-blackbox-exporter")
    require(program, "prometheus-blackbox-exporter is missing; `make bench-probes` installs it")
    binary, busy = chosen.healthgate.resolve(), os.getloadavg()[0]
    world = World(find_tools())
    try:
        all_rows = rows(world)
        good = compare(binary, program, all_rows)
        found = {name: [] for name in MEASURED}
        for index in range(chosen.rounds):
            for row in (row for row in all_rows if row.name in MEASURED):
                print(f"round {index + 1} of {chosen.rounds}: {row.name}", file=sys.stderr, flush=True)
                sides = [lambda: measure_ours(binary, row, chosen.seconds), lambda: measure_theirs(program, row, chosen.seconds)]
                pair = [side() for side in (sides if index % 2 == 0 else reversed(sides))]
                found[row.name].append(pair if index % 2 == 0 else pair[::-1])
    finally:
        world.stop()
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout.split(",")[1].split()[1]
    print(f"blackbox_exporter {version}; a probe each {INTERVAL * 1000:.0f} ms; medians of {chosen.rounds} rounds of {chosen.seconds} s; "
          f"load average of the machine when it began: {busy:.1f}\n")
    lines = []
    for name, pairs in found.items():
        median = lambda side, field: statistics.median(pair[side][field] for pair in pairs)
        ratio = lambda field: statistics.median(ours[field] / theirs[field] for ours, theirs in pairs)
        lines.append([name, *(show(median(side, field), form) for field, form in (("us", "{:.0f}"), ("ms", "{:.2f}")) for side in (0, 1)),
                      show(ratio("us")), show(ratio("ms"))])
    table(["probe", "healthgate CPU us", "blackbox CPU us", "healthgate ms", "blackbox ms", "share of CPU", "share of time"], lines)
    print("blackbox_exporter's CPU includes the answer to /probe that asks for it, healthgate's its timer and the verdict.")
    if not good:
        print("The verdicts differ where they should not: see above.", file=sys.stderr)
    return 0 if good else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchmarkError as error:
        sys.exit(f"probes: {error}")
