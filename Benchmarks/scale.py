#!/usr/bin/env python3
"""Ten thousand checks, each second, on one core: CPU, memory a check, how late probes begin, and whether one is missed.

healthgate runs on one core; the responders and this script on the other. Of each kind a share: pages by HTTP/1.1 (nginx), a TCP
exchange (nginx), keys of Redis and of memcached. A connection a probe, as always. See README.md beside this file.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from servers import LOAD_CORE, SERVER_CORE, TICKS, BenchmarkError, require, stat_fields

HEALTH, ADMIN = 21000, 21001
WEB, MAIL, REDIS, MEMCACHED = 21010, 21011, 21012, 21013
KINDS = {
    "http": (0.4, lambda n: f"check: 'http://127.0.0.1:{WEB}/{n}', keep: true"),
    "tcp": (0.2, lambda n: f"check: 'tcp://127.0.0.1:{MAIL}', send: '{n}', expect: '220'"),
    "redis": (0.2, lambda n: f"check: 'redis://127.0.0.1:{REDIS}', key: 'k{n}'"),
    "memcached": (0.2, lambda n: f"check: 'memcached://127.0.0.1:{MEMCACHED}', key: 'k{n}'"),
}
NGINX = f"""
worker_processes 1; daemon off; pid {{folder}}/nginx.pid; error_log stderr error;
worker_rlimit_nofile 65536;
events {{{{ worker_connections 32768; }}}}
http {{{{
  access_log off; client_body_temp_path {{folder}}/b; proxy_temp_path {{folder}}/p; fastcgi_temp_path {{folder}}/f;
  uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
  server {{{{ listen 127.0.0.1:{WEB} backlog=8192; location / {{{{ return 200 ok; }}}} }}}}
}}}}
"""


class Responders:
    """The servers that are probed, on the load core."""

    def __init__(self, folder):
        self.processes = []
        Path(folder, "nginx.conf").write_text(NGINX.format(folder=folder))
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        user = ["-u", "root"] if os.getuid() == 0 else []
        for argv in (
            ["nginx", "-c", f"{folder}/nginx.conf"],
            [sys.executable, str(Path(__file__).with_name("peers") / "banner.py"), str(MAIL)],
            ["redis-server", "--port", str(REDIS), "--save", "", "--appendonly", "no", "--dir", folder,
             "--tcp-backlog", "4096", "--maxclients", "20000"],
            ["memcached", "-l", "127.0.0.1", "-p", str(MEMCACHED), "-c", "20000", "-b", "4096", "-t", "1", *user],
        ):
            self.processes.append(subprocess.Popen(argv, **quiet))

    def stop(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(10)


def configuration(folder, count, interval):
    lines = [
        f"listen: {{ health: '127.0.0.1:{HEALTH}', admin: '127.0.0.1:{ADMIN}' }}",
        f"state_dir: {folder}/state",
        f"defaults: {{ interval: {interval}s, timeout: 900ms, through: none }}",
        "apps: {}",
        "upstreams:",
    ]
    number = 0
    for kind, (share, check) in KINDS.items():
        for _ in range(round(count * share)):
            number += 1
            lines.append(f"  {kind}-{number}: {{ {check(number)} }}")
    path = Path(folder, "gateway.yaml")
    path.write_text("\n".join(lines) + "\n")
    return path, number


def get(path):
    with urllib.request.urlopen(f"http://127.0.0.1:{ADMIN}{path}", timeout=60) as answer:
        return answer.read().decode()


def sample(pid):
    """What the process is and has done at this moment."""
    text = get("/metrics")
    probes = {name: int(n) for name, n in re.findall(r'^healthgate_probes_total\{check="([^"]+)".*\} (\d+)$', text, re.M)}
    failed = sum(int(n) for n in re.findall(r"^healthgate_probe_failures_total\{.*\} (\d+)$", text, re.M))
    delays = [(bound, int(n)) for bound, n in
              re.findall(r'^healthgate_probe_delay_seconds_bucket\{le="([^"]+)"\} (\d+)$', text, re.M)]
    return {
        # What comes after the question is the cost of the answer, which is large here and not of the checks.
        "cpu": sum(map(int, stat_fields(pid)[11:13])) / TICKS,
        "at": time.monotonic(), "probes": probes, "failed": failed, "delays": delays,
    }


def memory(pid):
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Rss:\s+(\d+)", text, re.M).group(1)) / 1024


def quantile(before, after, share):
    """The bound of the bucket in which this share of the delays in between lies."""
    counts = [(bound, n - m) for (bound, n), (_, m) in zip(after, before)]
    total = counts[-1][1]
    return next(bound for bound, n in counts if n >= share * total)


def run(binary, count, interval, seconds):
    with tempfile.TemporaryDirectory(prefix="scale-") as folder:
        os.chmod(folder, 0o755)
        responders = Responders(folder)
        process = None
        try:
            path, number = configuration(folder, count, interval)
            os.sched_setaffinity(0, {SERVER_CORE})
            log = open(Path(folder, "log"), "wb")
            started = time.monotonic()
            process = subprocess.Popen([binary, "serve", "--config", str(path)], stdout=log, stderr=log)
            os.sched_setaffinity(0, {LOAD_CORE})
            up = -1
            while up < number:
                require(time.monotonic() - started < 120, f"only {up} of {number} checks came up")
                require(process.poll() is None, Path(folder, "log").read_text(errors="replace")[-2000:])
                try:
                    up = len(re.findall(r'^healthgate_check_state\{.*state="up"\} 1$', get("/metrics"), re.M))
                except OSError:
                    pass
                time.sleep(0.2)
            came_up = time.monotonic() - started
            time.sleep(2)
            before = sample(process.pid)
            cpu = sum(map(int, stat_fields(process.pid)[11:13])) / TICKS
            begun = time.monotonic()
            descriptors, rss = [], []
            while time.monotonic() - begun < seconds:
                time.sleep(1)
                descriptors.append(len(os.listdir(f"/proc/{process.pid}/fd")))
                rss.append(memory(process.pid))
            elapsed = time.monotonic() - begun
            cpu = sum(map(int, stat_fields(process.pid)[11:13])) / TICKS - cpu
            after = sample(process.pid)
        finally:
            if process:
                process.terminate()
                process.wait(30)
            responders.stop()
    made = {name: after["probes"][name] - before["probes"][name] for name in after["probes"]}
    # Jitter stretches an interval by a tenth at most, and the next one is counted from the end of the probe.
    span = after["at"] - before["at"]
    least = int(span / (interval * 1.1 + 0.9)) if interval < 1 else int(span / (interval * 1.1 + 0.1)) - 1
    return {
        "checks": number, "came up s": round(came_up, 2), "seconds": round(elapsed, 1),
        "probes a second": round(sum(made.values()) / span), "failed": after["failed"] - before["failed"],
        "fewest probes of a check": min(made.values()), "expected at least": least,
        "missed checks": sum(1 for n in made.values() if n < least),
        "CPU of one core %": round(100 * cpu / elapsed, 1), "CPU us a probe": round(1e6 * cpu / (sum(made.values()) * elapsed / span), 1),
        "delay p50 s, at most": quantile(before["delays"], after["delays"], 0.5),
        "delay p99 s, at most": quantile(before["delays"], after["delays"], 0.99),
        "memory MiB": round(rss[-1], 1), "memory growth MiB": round(max(rss[len(rss) // 2:]) - max(rss[: len(rss) // 2]), 2),
        "descriptors": max(descriptors),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--healthgate", required=True)
    parser.add_argument("--checks", type=int, default=10_000)
    parser.add_argument("--interval", type=float, default=1)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--json")
    options = parser.parse_args()
    os.sched_setaffinity(0, {LOAD_CORE})
    try:
        few = run(options.healthgate, 100, options.interval, 5)
        many = run(options.healthgate, options.checks, options.interval, options.seconds)
    except BenchmarkError as error:
        sys.exit(f"scale: {error}")
    many["memory KiB a check"] = round(1024 * (many["memory MiB"] - few["memory MiB"]) / (many["checks"] - few["checks"]), 2)
    width = max(map(len, many))
    print(f"{'':{width}}  {few['checks']:>10}  {many['checks']:>10}")
    for name, value in many.items():
        print(f"{name:{width}}  {few.get(name, ''):>10}  {value:>10}")
    if options.json:
        Path(options.json).write_text(json.dumps({"few": few, "many": many}, indent=2))
    sys.exit(1 if many["failed"] or many["missed checks"] else 0)


if __name__ == "__main__":
    main()
