#!/usr/bin/env python3
"""Twenty upstreams of many kinds, each probed once a second: nothing grows, neither here nor at the servers, and no server logs a
warning or an error.

The servers are Debian's, on loopback, with data of their own; some are probed through a real Envoy. Every ten seconds is read what
healthgate holds and what each server says of its connections; the last quarter of the run is then compared with the second.
See README.md beside this file.
"""
import argparse
import http.client
import json
import statistics
import sys
import time
from pathlib import Path

from backends import Backend, free_port, sockets_at
from bench import find_tools, table
from databases import MariaDB, Memcached, Postgres, RabbitMQ, Redis
from endpoints import Certificates, Dnsmasq, GRPC, Nginx
from servers import BenchmarkError, require

EVERY = 10
# What may be more in the last quarter than in the second and is no growth.
SLACK = {"descriptors": 1, "sockets": 1, "RSS KiB": 256, "anonymous KiB": 256}
# Of memory that others map too: less when another healthgate starts, more when it ends.
NOT_JUDGED = {"PSS KiB"}
SLACK_OF_SERVERS = 1


class Envoy(Backend):
    """A sidecar with a TCP listener for each of these servers."""

    def __init__(self, program, servers):
        super().__init__("envoy", troubles=("[warning]", "[error]", "[critical]"))
        self.listeners = {server.name: free_port() for server in servers}
        address = lambda port: {"socket_address": {"address": "127.0.0.1", "port_value": port}}
        proxy = lambda name: {"name": "tcp", "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy", "stat_prefix": name, "cluster": name}}
        (self.folder / "envoy.json").write_text(json.dumps({
            "admin": {"address": address(self.port)},
            # What it would warn of is how many clients it could take.
            "overload_manager": {"resource_monitors": [{"name": "envoy.resource_monitors.global_downstream_max_connections", "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig",
                "max_active_downstream_connections": 10000}}]},
            "static_resources": {
                "listeners": [{"name": server.name, "address": address(self.listeners[server.name]),
                               "filter_chains": [{"filters": [proxy(server.name)]}]} for server in servers],
                "clusters": [{"name": server.name, "connect_timeout": "1s", "load_assignment": {
                    "cluster_name": server.name,
                    "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address(server.port)}}]}]}} for server in servers]},
        }))
        self.start(program, "-c", self.folder / "envoy.json", "--concurrency", "1", "--disable-hot-restart", "-l", "warning")


class Healthgate(Backend):
    def __init__(self, binary, world):
        # While all is up it has nothing to tell.
        super().__init__("healthgate", troubles=("event=", "rror"))
        self.admin = free_port()
        (self.folder / "pencil").write_text("pencil\n")
        (self.folder / "rabbit").write_text(world.rabbit.password + "\n")
        checks = "\n".join(f"  {name}: {{ {check} }}" for name, check in upstreams(world, self.folder).items())
        config = self.folder / "gateway.yaml"
        config.write_text(f"""host: flat
listen: {{ health: 127.0.0.1:{self.port}, admin: 127.0.0.1:{self.admin} }}
state_dir: {self.folder}/state
sidecar: {{ admin: http://127.0.0.1:{world.envoy.port} }}
defaults: {{ through: none, interval: 1s }}
apps: {{}}
upstreams:
{checks}
""")
        self.start(binary, "serve", "--config", config)

    def holds(self):
        """What it holds between its probes: the least of some readings, for a probe under way has a socket of its own."""
        readings = []
        for _ in range(20):
            kinds = []
            for entry in Path(f"/proc/{self.process.pid}/fd").iterdir():
                try:
                    kinds.append(str(entry.readlink()))
                except FileNotFoundError:
                    continue  # closed meanwhile
            readings.append((len(kinds), sum(kind.startswith("socket:") for kind in kinds)))
            time.sleep(0.03)
        memory = {}
        for line in Path(f"/proc/{self.process.pid}/smaps_rollup").read_text().splitlines()[1:]:
            name, value, *_ = line.split()
            memory[name] = int(value)
        return {"descriptors": min(one for one, _ in readings), "sockets": min(one for _, one in readings),
                "PSS KiB": memory["Pss:"], "RSS KiB": memory["Rss:"], "anonymous KiB": memory["Anonymous:"]}


def upstreams(world, folder):
    """Twenty checks, by name."""
    w, at = world, "127.0.0.1:{}".format
    pencil, rabbit = f"password_file: {folder}/pencil", f"password_file: {folder}/rabbit"
    trust = f"tls: {{ ca: {w.certificates.path('ca.pem')} }}"
    beyond = lambda server: at(w.envoy.listeners[server.name])
    sidecar = "through: sidecar"
    return {
        "postgres-handshake": f"check: postgres://{at(w.postgres.port)}",
        "postgres-query": f"check: postgres://salted@{at(w.postgres.port)}/postgres, {pencil}",
        "postgres-role": f"check: postgres://salted@{beyond(w.postgres)}/postgres, {pencil}, expect: {{ role: primary }}, {sidecar}",
        "mariadb-query": f"check: mysql://native@{at(w.mariadb.port)}, {pencil}",
        "mariadb-role": f"check: mysql://watcher@{at(w.mariadb.port)}, {pencil}, expect: {{ role: primary }}",
        "mariadb-beyond": f"check: mysql://native@{beyond(w.mariadb)}, {pencil}, {sidecar}",
        "redis-query": f"check: redis://{at(w.redis.port)}, {pencil}",
        "redis-role": f"check: redis://{at(w.redis.port)}, {pencil}, expect: {{ role: primary }}",
        "redis-beyond": f"check: redis://{beyond(w.redis)}, {pencil}, {sidecar}",
        "memcached": f"check: memcached://{at(w.memcached.port)}",
        "memcached-handshake": f"check: memcached://{at(w.memcached.port)}, depth: handshake",
        "rabbitmq-auth": f"check: amqp://watcher@{at(w.rabbit.port)}, {rabbit}",
        "rabbitmq-query": f"check: amqp://watcher@{beyond(w.rabbit)}, {rabbit}, depth: query, {sidecar}",
        "http": f"check: http://{at(w.nginx.port)}/ok",
        "https": f"check: https://{at(w.nginx.sealed)}/, {trust}",
        "tls": f"check: tls://{at(w.nginx.sealed)}, {trust}",
        "grpc": f"check: grpc://{at(w.grpc.port)}/",
        "tcp": f'check: tcp://{at(w.redis.port)}, send: "PING\\r\\n", expect: "-NOAUTH"',
        "dns": f"check: dns://{at(w.dns.port)}/app.test, expect: 10.1.2.3",
        "dns-txt": f"check: dns://{at(w.dns.port)}/app.test, type: TXT",
    }


class World:
    def __init__(self, tools, binary):
        self.parts = []
        try:
            self.certificates = self.add(Certificates())
            self.postgres, self.mariadb = self.add(Postgres()), self.add(MariaDB())
            self.redis, self.memcached = self.add(Redis("pencil")), self.add(Memcached())
            self.rabbit = self.add(RabbitMQ())
            self.nginx, self.grpc = self.add(Nginx(tools["nginx"], self.certificates)), self.add(GRPC(tools["python"]))
            self.dns = self.add(Dnsmasq("--host-record=app.test,10.1.2.3", "--txt-record=app.test,hello"))
            self.servers = [self.postgres, self.mariadb, self.redis, self.memcached, self.rabbit, self.nginx, self.grpc, self.dns]
            self.envoy = self.add(Envoy(tools["envoy"], [self.postgres, self.mariadb, self.redis, self.rabbit]))
            self.healthgate = self.add(Healthgate(binary, self))
        except BaseException:
            self.stop()
            raise

    def add(self, part):
        self.parts.append(part)
        return part

    def stop(self):
        for part in reversed(self.parts):
            part.stop()

    def sample(self):
        row = self.healthgate.holds()
        for server in self.servers:
            # As above: a probe that is under way is no growth.
            row[server.name] = min(server.clients() for _ in range(3))
        row["envoy"] = sockets_at(*self.envoy.listeners.values())
        return row


def rows(healthgate):
    peer = http.client.HTTPConnection("127.0.0.1", healthgate.admin, timeout=10)
    peer.request("GET", "/status")
    return json.loads(peer.getresponse().read())["checks"]


def wait_for_all(healthgate):
    for _ in range(300):
        checks = rows(healthgate)
        if all(check["state"] == "up" for check in checks):
            return len(checks)
        time.sleep(0.1)
    ill = [f"{check['name']} is {check['state']}: {check.get('text')}" for check in checks if check["state"] != "up"]
    raise BenchmarkError("not all are up: " + "; ".join(ill))


def growth(samples):
    """What is more in the last quarter than in the second, beyond the slack."""
    quarter = len(samples) // 4
    second, last = samples[quarter:2 * quarter], samples[-quarter:]
    found = []
    for name in samples[0].keys() - NOT_JUDGED:
        before, after = (statistics.median(row[name] for row in part) for part in (second, last))
        slack = SLACK.get(name, SLACK_OF_SERVERS)
        if after > before + slack:
            found.append(f"{name}: {before:g} in the second quarter, {after:g} in the last; {slack} more are none")
    return found


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--healthgate", type=Path, required=True, help="the release binary")
    options.add_argument("--seconds", type=int, default=600, help="how long it runs (default 600; 40 to 7200)")
    chosen = options.parse_args()
    require(40 <= chosen.seconds <= 7200, "--seconds must be 40 to 7200")
    world = World(find_tools(), chosen.healthgate.resolve())
    samples, wrong = [], []
    try:
        print(f"{wait_for_all(world.healthgate)} upstreams are up", flush=True)
        for server in [*world.servers, world.envoy, world.healthgate]:
            server.begin()
        aborted = world.mariadb.status("Aborted_connects"), world.mariadb.status("Aborted_clients")
        every = min(EVERY, chosen.seconds / 8)
        start = time.monotonic()
        while (spent := time.monotonic() - start) < chosen.seconds:
            samples.append(world.sample())
            print(f"{spent:4.0f} s  " + "  ".join(f"{name} {value}" for name, value in samples[-1].items()), flush=True)
            time.sleep(max(0, start + len(samples) * every - time.monotonic()))
        wrong += [f"{check['name']} is {check['state']}: {check.get('text')}" for check in rows(world.healthgate)
                  if check["state"] != "up"]
        for server in [*world.servers, world.envoy, world.healthgate]:
            wrong += [f"{server.name} says: {line}" for line in server.complaints()[:5]]
        after = world.mariadb.status("Aborted_connects"), world.mariadb.status("Aborted_clients")
        if after != aborted:
            wrong.append(f"mariadb counts aborted connects and clients: {aborted}, then {after}")
    finally:
        world.stop()
    wrong += growth(samples)
    print()
    quarters = [samples[len(samples) * index // 4:len(samples) * (index + 1) // 4] for index in range(4)]
    table(["", "1st quarter", "2nd", "3rd", "4th", "most"],
          [[name, *(f"{statistics.median(row[name] for row in part):g}" for part in quarters), f"{max(row[name] for row in samples)}"]
           for name in samples[0]])
    for line in wrong:
        print(line)
    print(f"flat over {chosen.seconds} s" if not wrong else f"NOT FLAT: {len(wrong)} findings")
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchmarkError as error:
        sys.exit(f"flat: {error}")
