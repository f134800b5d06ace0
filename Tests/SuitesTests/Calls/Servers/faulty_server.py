"""An HTTP/2 server that does to each call what its path says, mostly what no gRPC server may do.
It prints its port, and that of one that speaks HTTP/1.1, and serves until it is ended."""

import gzip
import itertools
import socket
import threading

import h2.config
import h2.connection
import h2.events
import h2.exceptions
from h2.errors import ErrorCodes

OK = [("grpc-status", "0")]
GZIP = [("grpc-encoding", "gzip")]
connections = itertools.count(1)
refused = set()


def framed(message, flag=0):
    return bytes([flag]) + len(message).to_bytes(4, "big") + message


class Connection:
    def __init__(self, sock):
        self.sock = sock
        self.number = next(connections)
        self.requests = {}
        self.is_open = True
        config = h2.config.H2Configuration(
            client_side=False, validate_outbound_headers=False, normalize_outbound_headers=False,
            header_encoding="utf-8",
        )
        self.h2 = h2.connection.H2Connection(config)
        self.h2.initiate_connection()

    def serve(self):
        self.flush()
        while self.is_open:
            data = self.sock.recv(65536)
            if not data:
                break
            try:
                for event in self.h2.receive_data(data):
                    self.take(event)
            except h2.exceptions.ProtocolError:
                break
            self.flush()
        self.sock.close()

    def take(self, event):
        if isinstance(event, h2.events.RequestReceived):
            self.requests[event.stream_id] = (event.headers, bytearray())
            path = dict(event.headers)[":path"]
            if path == "/early":
                self.answer(event.stream_id, [framed(b"done")])
        elif isinstance(event, h2.events.DataReceived):
            headers, body = self.requests[event.stream_id]
            body += event.data
            if dict(headers)[":path"] != "/stuck":
                self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            headers, body = self.requests.pop(event.stream_id)
            name, *rest = dict(headers)[":path"].strip("/").split("/")
            FAULTS[name](self, event.stream_id, *rest) if name != "head" else self.tell(event.stream_id, headers, body)

    def flush(self):
        self.sock.sendall(self.h2.data_to_send())

    def cut(self):
        """Ends the connection at once, behind what was said."""
        self.flush()
        self.is_open = False
        self.sock.shutdown(socket.SHUT_RDWR)

    def head(self, stream, extra=(), status="200", type="application/grpc", ends=False):
        fields = [(":status", status), ("x-connection", str(self.number))]
        if type:
            fields.append(("content-type", type))
        self.h2.send_headers(stream, fields + list(extra), end_stream=ends)

    def answer(self, stream, frames, trailers=OK, extra=(), **head):
        self.head(stream, extra, **head)
        for frame in frames:
            self.h2.send_data(stream, frame)
        self.h2.send_headers(stream, trailers, end_stream=True)

    def tell(self, stream, headers, body):
        """The fields of the request, and its body as it came in hexadecimal."""
        lines = [f"{name}: {value}" for name, value in headers] + [body.hex()]
        self.answer(stream, [framed("\n".join(lines).encode())])


def reset(connection, stream, code):
    connection.h2.reset_stream(stream, int(code))


def reset_late(connection, stream, code):
    connection.head(stream)
    connection.h2.send_data(stream, framed(b"first"))
    connection.h2.reset_stream(stream, int(code))


def reset_once(connection, stream, name):
    if name in refused:
        return connection.answer(stream, [framed(b"done")])
    refused.add(name)
    connection.h2.reset_stream(stream, ErrorCodes.REFUSED_STREAM)


def goaway(connection, code, last):
    connection.flush()
    # The library's own way ends its connection; this one goes on.
    frame = last.to_bytes(4, "big") + int(code).to_bytes(4, "big")
    connection.sock.sendall(len(frame).to_bytes(3, "big") + b"\x07\x00" + bytes(4) + frame)


def goaway_then_answer(connection, stream):
    connection.head(stream)
    goaway(connection, 0, stream)
    connection.h2.send_data(stream, framed(b"done"))
    connection.h2.send_headers(stream, OK, end_stream=True)


def goaway_once(connection, stream, name):
    """Below the stream: it was not looked at."""
    if name in refused:
        return connection.answer(stream, [framed(b"done")])
    refused.add(name)
    goaway(connection, 0, 0)


def goaway_cut(connection, stream, code):
    connection.head(stream)
    connection.h2.send_data(stream, framed(b"first"))
    goaway(connection, code, stream)
    connection.cut()


def answer_then_goaway(connection, stream):
    connection.answer(stream, [framed(b"done")])
    goaway(connection, 0, stream)


def answer_then_close(connection, stream):
    connection.answer(stream, [framed(b"done")])
    connection.cut()


def cut(connection, stream):
    connection.head(stream)
    connection.h2.send_data(stream, framed(b"first"))
    connection.cut()


def silent_late(connection, stream):
    connection.head(stream)
    connection.h2.send_data(stream, framed(b"first"))


def end_with_data(connection, stream):
    connection.head(stream)
    connection.h2.send_data(stream, framed(b"done"), end_stream=True)


def web_page(connection, stream, status, type):
    connection.head(stream, status=status, type=type.replace("-", "/", 1))
    connection.h2.send_data(stream, b"<h1>no healthy upstream</h1>", end_stream=True)


def trailers_only(connection, stream, type):
    fields = [("grpc-status", "5"), ("grpc-message", "none")]
    connection.head(stream, fields, type=type.replace("-", "/", 1), ends=True)


def status_in_head(connection, stream):
    connection.head(stream, OK)
    connection.h2.send_data(stream, framed(b"done"), end_stream=True)


def messages(*frames, trailers=OK, extra=()):
    return lambda connection, stream: connection.answer(stream, frames, trailers, extra)


FAULTS = {
    "reset": reset,
    "reset-late": reset_late,
    "reset-once": reset_once,
    "goaway-then-answer": goaway_then_answer,
    "goaway-once": goaway_once,
    "goaway-cut": goaway_cut,
    "answer-then-goaway": answer_then_goaway,
    "answer-then-close": answer_then_close,
    "cut": cut,
    "end-with-data": end_with_data,
    "web-page": web_page,
    "trailers-only": trailers_only,
    "status-in-head": status_in_head,
    "early": lambda connection, stream: None,
    "silent": lambda connection, stream: None,
    "silent-late": silent_late,
    "stuck": lambda connection, stream: None,
    "one": messages(framed(b"done")),
    "none": messages(),
    "two": messages(framed(b"first"), framed(b"second")),
    "flag": messages(framed(b"done", 1)),
    "encoding": messages(framed(b"done", 1), extra=[("grpc-encoding", "snappy")]),
    "unknown-flag": messages(framed(b"done", 7)),
    "not-gzip": messages(framed(b"done", 1), extra=GZIP),
    "cut-gzip": messages(framed(gzip.compress(bytes(999))[:-9], 1), extra=GZIP),
    "bomb": messages(framed(gzip.compress(bytes(8 << 20)), 1), extra=GZIP),
    "mixed-gzip": messages(framed(gzip.compress(b"one"), 1), framed(b"two"), extra=GZIP),
    "truncated": messages(framed(b"done")[:-1]),
    "oversized": messages(b"\x00\xff\xff\xff\xff"),
    "unreadable-status": messages(framed(b"done"), trailers=[("grpc-status", "fine")]),
    "two-statuses": messages(framed(b"done"), trailers=OK + OK),
    "long-head": messages(framed(b"done"), extra=[("x-long", "x" * 8000)] * 9),
    "wrong-length": messages(framed(b"done"), extra=[("content-length", "3")]),
}


def listen(serve):
    listener = socket.create_server(("127.0.0.1", 0))

    def accept():
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=serve, args=[sock], daemon=True).start()

    thread = threading.Thread(target=accept)
    thread.start()
    return listener.getsockname()[1]


def serve_http1(sock):
    sock.recv(1024)
    sock.sendall(b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n")
    # Closing over bytes that were not read would be a reset, which may overtake the answer.
    while sock.recv(1024):
        pass
    sock.close()


print(listen(lambda sock: Connection(sock).serve()), listen(serve_http1), flush=True)
