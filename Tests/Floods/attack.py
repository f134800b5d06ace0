#!/usr/bin/env python3
"""Shapes of `shapes.py`, each from many connections at once, for a bounded time. Who is cut comes again.

Without --shape: all of them one after the other, but those that take seconds together, each until all its connections were cut
once; ends with 1 if one never was, or was counted under no bound that fits. Prints a line of JSON for each round.
"""
import argparse
import errno
import http.client
import json
import re
import resource
import selectors
import socket
import sys
import time

from shapes import SHAPES


class Attacker:
    """One place among the attackers: a connection, and the next one when it is cut."""

    def __init__(self, shape, address, source, counts):
        self.shape, self.address, self.source, self.counts = shape, address, source, counts
        self.socket = None

    def open(self, selector):
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if not self.shape.reads:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.bind((self.source, 0))
        self.socket.connect_ex(self.address)
        self.round, self.left, self.next = 0, memoryview(self.shape.opening), 0
        self.counts["opened"] += 1
        selector.register(self.socket, selectors.EVENT_READ | selectors.EVENT_WRITE, self)

    def turn(self, selector, now):
        """Sends and takes what it can. When it was cut, it comes again."""
        try:
            self.take(now)
            self.give(now)
        except BlockingIOError:
            pass
        except OSError as error:
            if error.errno not in (errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN, errno.ECONNREFUSED, errno.ESHUTDOWN):
                raise
            selector.unregister(self.socket)
            self.socket.close()
            self.socket = None
            self.counts["cut"] += 1

    def take(self, now):
        if self.shape.reads or (self.shape.sip and now >= self.next):
            try:
                if self.socket.recv(self.shape.sip or 65536) == b"":
                    raise ConnectionResetError(errno.ECONNRESET, "end")
            except BlockingIOError:
                pass
        if self.shape.sip and now >= self.next:
            self.next = now + 0.5

    def give(self, now):
        if not self.left:
            if self.shape.pause and now < self.next:
                return
            if self.shape.pause:
                self.next = now + self.shape.pause
            again = self.shape.again
            self.left = memoryview(again(self.round) if callable(again) else again)
            self.round += 1
        if self.left:
            self.left = self.left[self.socket.send(self.left):]


def run(shapes, options):
    """{name: {opened, cut, never}}; `never`: how many connections were not cut once."""
    counts = {shape.name: {"opened": 0, "cut": 0} for shape in shapes}
    address = "127.0.0.1", options.port
    attackers = [Attacker(shape, address, options.source, counts[shape.name])
                 for shape in shapes for _ in range(options.connections)]
    never = set(attackers)
    selector = selectors.DefaultSelector()
    end = time.monotonic() + options.seconds
    while (now := time.monotonic()) < end and not (options.until_cut and not never):
        for attacker in attackers:
            if attacker.socket is None:
                attacker.open(selector)
        for key, _ in selector.select(timeout=0.05):
            attacker = key.data
            attacker.turn(selector, now)
            if attacker.socket is None:
                never.discard(attacker)
        if all(shape.pause or shape.sip for shape in shapes):
            # All sockets can be written to, all the time: the pace is ours.
            wait = min([attacker.next for attacker in attackers if attacker.socket], default=now) - time.monotonic()
            if wait > 0:
                selector_pause(selector, attackers, min(wait, 0.05))
    for attacker in attackers:
        if attacker.socket:
            attacker.socket.close()
        counts[attacker.shape.name]["never"] = sum(other in never for other in attackers if other.shape is attacker.shape)
    return counts


def bounds_met(admin):
    """Each bound of the health port and how often it was met so far."""
    connection = http.client.HTTPConnection("127.0.0.1", admin, timeout=10)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    return {name: int(count) for name, count
            in re.findall(r'healthgate_bounds_met_total\{port="health",bound="(\w+)"\} (\d+)', text)}


def run_all(options):
    timed = [shape for shape in SHAPES if any(bound.endswith("_within") for bound in shape.bounds)]
    good = True
    for shapes in [*([shape] for shape in SHAPES if shape not in timed), timed]:
        before = bounds_met(options.admin)
        counts = run(shapes, options)
        met = {bound for bound, count in bounds_met(options.admin).items() if count > before[bound]}
        wrong = [shape.name for shape in shapes if counts[shape.name]["never"] or not met.intersection(shape.bounds)]
        good &= not wrong
        print(json.dumps({"wrong": wrong, "counts": counts, "met": sorted(met)}), flush=True)
    return good


def idle_connections(count, port):
    """Offers so many connections that never say a word, from many addresses; how many were cut."""
    idle, cut = [], 0

    def drop_dead():
        """Those that the gateway has ended; the others stay."""
        alive = []
        for one in idle:
            try:
                dead = one.recv(1) == b""
            except BlockingIOError:
                dead = False
            except OSError:
                dead = True
            one.close() if dead else alive.append(one)
        dropped = len(idle) - len(alive)
        idle[:] = alive
        return dropped

    for n in range(count):
        one = socket.socket()
        one.settimeout(5)
        try:
            one.bind((f"127.0.1.{1 + n % 200}", 0))
            one.connect(("127.0.0.1", port))
            one.setblocking(False)
            idle.append(one)
        except OSError:
            cut += 1
            one.close()
        if n % 500 == 499:
            cut += drop_dead()
    cut += drop_dead()
    for one in idle:
        one.close()
    return {"cut": cut, "never": 0}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--shape")
    options.add_argument("--idle", type=int, help="offer so many connections that say nothing")
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--admin", type=int, help="the gateway's admin port, for its counts")
    options.add_argument("--connections", type=int, default=50)
    options.add_argument("--seconds", type=float, default=20)
    options.add_argument("--source", default="127.0.0.1")
    options = options.parse_args()
    options.until_cut = options.shape is None
    if options.idle:
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
        print(json.dumps(idle_connections(options.idle, options.port)))
        return
    if options.shape is None:
        sys.exit(0 if run_all(options) else 1)
    shape = next((shape for shape in SHAPES if shape.name == options.shape), None)
    if shape is None:
        sys.exit(f"no shape {options.shape!r}")
    print(json.dumps(run([shape], options)[shape.name]))


def selector_pause(selector, attackers, seconds):
    """Waits for something to read, or for the next piece to be due."""
    for attacker in attackers:
        if attacker.socket and not attacker.left:
            selector.modify(attacker.socket, selectors.EVENT_READ, attacker)
    selector.select(timeout=seconds)
    for attacker in attackers:
        if attacker.socket:
            selector.modify(attacker.socket, selectors.EVENT_READ | selectors.EVENT_WRITE, attacker)


if __name__ == "__main__":
    main()
