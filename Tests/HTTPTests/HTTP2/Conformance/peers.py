"""Two servers that must fail: one that minds nothing, and one that minds everything.

A case that passes with both would say nothing: each must tell our server from one of them.
"""

import socket
import threading

from wire import ACK, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, PREFACE, PROTOCOL_ERROR, RST_STREAM, SETTINGS, frame, u32


def serve(react):
    """A server whose connections are dealt with by `react`, frame by frame; its address."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept():
        while True:
            threading.Thread(target=converse, args=(listener.accept()[0], react), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()


def converse(connection, react):
    try:
        with connection, connection.makefile("rb") as source:
            connection.sendall(frame(SETTINGS))
            if len(source.read(len(PREFACE))) < len(PREFACE):
                return unfinished.append(connection.dup())  # waits for ever
            while head := source.read(9):
                payload = source.read(int.from_bytes(head[:3], "big"))
                reply = react(head[3], head[4], int.from_bytes(head[5:], "big"), payload)
                connection.sendall(reply)
                if reply[3:4] == bytes([GOAWAY]):
                    return
    except OSError:
        pass


unfinished = []


def careless(kind, flags, stream, payload):
    """Answers each head by 200, whatever it is, and never refuses anything."""
    if kind == SETTINGS and not flags & ACK:
        return frame(SETTINGS, ACK)
    if kind == PING and not flags & ACK:
        return frame(PING, ACK, 0, payload)
    if kind == HEADERS:
        return frame(HEADERS, END_HEADERS | END_STREAM, stream, b"\x88")
    return b""


def hostile(kind, flags, stream, payload):
    """Ends the connection at the first request, PING or anything else but SETTINGS."""
    return b"" if kind == SETTINGS else frame(RST_STREAM, 0, 1, u32(99)) + frame(GOAWAY, 0, 0, u32(0) + u32(PROTOCOL_ERROR + 98))
