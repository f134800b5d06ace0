"""What a hostile peer sends: each flood and slow shape, as bytes.

A shape opens a connection with `opening`, then sends `again` for ever: as fast as the socket takes it, or one piece each
`pause` seconds. `bounds` are those under which the gateway may count it. A peer that does not read takes nothing; one with a
`sip` reads so many bytes now and then.
"""
import struct
from dataclasses import dataclass

from hpack import Encoder

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST, SETTINGS, PING, GOAWAY, WINDOW, CONTINUATION = 0, 1, 2, 3, 4, 6, 7, 8, 9
END_STREAM, ACK, END_HEADERS, PADDED = 1, 1, 4, 8


@dataclass
class Shape:
    name: str
    bounds: tuple
    opening: bytes
    again: object  # bytes, or a function of the round's number that gives bytes
    pause: float = 0
    reads: bool = True
    sip: int = 0


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def block(method="GET", path="/readyz", extra=()):
    """A header block that touches no table, so that it may be sent any number of times."""
    fields = [(":method", method), (":scheme", "http"), (":path", path), (":authority", "edge"), *extra]
    out = b""
    for name, value in fields:
        out += b"\x10" + literal(name) + literal(value)
    return out


def literal(text):
    raw = text if isinstance(text, bytes) else text.encode()
    assert len(raw) < 127
    return bytes([len(raw)]) + raw


def get(stream, path="/readyz"):
    return frame(HEADERS, END_HEADERS | END_STREAM, stream, block(path=path))


def post(stream, path="/grpc.health.v1.Health/Check"):
    extra = [("content-type", "application/grpc"), ("te", "trailers")]
    return frame(HEADERS, END_HEADERS, stream, block("POST", path, extra))


def settings(*pairs):
    return frame(SETTINGS, 0, 0, b"".join(struct.pack(">HI", key, value) for key, value in pairs))


HELLO = PREFACE + settings() + frame(SETTINGS, ACK, 0)


def rapid_reset(round):
    first = 1 + round * 200
    return b"".join(get(stream) + frame(RST, 0, stream, b"\0\0\0\x08") for stream in range(first, first + 200, 2))


def bomb(round):
    """One entry of 4 KB in the table, then a request that names it some 15,000 times, a byte each."""
    encoder = Encoder()
    big = encoder.encode([(b"x-big", b"a" * 4000)], huffman=False)
    head = block() + (big if round == 0 else b"")
    return frame(HEADERS, END_HEADERS | END_STREAM, 1 + 2 * round, head + b"\xbe" * (16000 - len(head)))


def zero_window(round):
    return b"".join(get(1 + 2 * (round * 10 + n)) for n in range(10)) if round < 9 else b""


def large_trailers(round):
    stream = 1 + 2 * round
    fields = b"".join(b"\x10" + literal(f"x-{n}") + literal("v" * 100) for n in range(140))
    return post(stream) + frame(DATA, 0, stream, b"\0" * 5) + frame(HEADERS, END_HEADERS | END_STREAM, stream, fields)


FLOODS = ("flood",)
HEADS = ("header_bytes", "header_count")
GET1 = b"GET /readyz HTTP/1.1\r\nhost: edge\r\n"
POST1 = b"POST /readyz HTTP/1.1\r\nhost: edge\r\n"

SHAPES = [
    Shape("rapid reset", FLOODS, HELLO, rapid_reset),
    Shape("SETTINGS flood", FLOODS, HELLO, settings((3, 100)) * 200),
    Shape("SETTINGS flood, nothing read", FLOODS, HELLO, settings() * 200, reads=False),
    Shape("PING flood", FLOODS, HELLO, frame(PING, 0, 0, b"12345678") * 200),
    Shape("PING flood, nothing read", FLOODS, HELLO, frame(PING, 0, 0, b"12345678") * 200, reads=False),
    Shape("empty DATA", FLOODS, HELLO + post(1), frame(DATA, 0, 1) * 200),
    Shape("padding for DATA", FLOODS, HELLO + post(1), frame(DATA, PADDED, 1, b"\x03\0\0\0") * 200),
    Shape("PRIORITY flood", FLOODS, HELLO, frame(PRIORITY, 0, 3, b"\0\0\0\0\x10") * 200),
    Shape("WINDOW_UPDATE flood", FLOODS, HELLO, frame(WINDOW, 0, 0, b"\0\0\0\x01") * 200),
    Shape("GOAWAY flood", FLOODS + ("malformed",), HELLO, frame(GOAWAY, 0, 0, b"\0" * 8) * 200),
    Shape("unknown frames", FLOODS, HELLO, frame(0xBB, 0, 0, b"x" * 1000) * 16),
    Shape("CONTINUATION flood", FLOODS + HEADS, HELLO + frame(HEADERS, END_STREAM, 1, block()),
          frame(CONTINUATION, 0, 1) * 200),
    Shape("CONTINUATION flood of fields", FLOODS + HEADS, HELLO + frame(HEADERS, END_STREAM, 1, block()),
          frame(CONTINUATION, 0, 1, (b"\x10" + literal("x-y") + literal("z" * 100)) * 100)),
    Shape("header compression bomb", HEADS, HELLO, bomb),
    Shape("zero window", ("taken_within",), PREFACE + settings((4, 0)), zero_window, pause=0.5),
    Shape("window by the byte", ("taken_within",), PREFACE + settings((4, 0)) + get(1), frame(WINDOW, 0, 1, b"\0\0\0\x01"),
          pause=0.5),
    Shape("requests, nothing read", ("taken_within", "streams", "malformed"), HELLO,
          lambda round: b"".join(get(1 + 2 * (round * 50 + n)) for n in range(50)), reads=False),
    Shape("trailers too large", HEADS + FLOODS, HELLO, large_trailers),
    Shape("endless trailers", FLOODS + HEADS, HELLO + post(1) + frame(DATA, 0, 1, b"\0" * 5)
          + frame(HEADERS, END_STREAM, 1, b""), frame(CONTINUATION, 0, 1, (b"\x10" + literal("x-y") + literal("z" * 100)) * 100)),
    Shape("slow HTTP/2 head", ("headers_within",), HELLO + frame(HEADERS, END_STREAM, 1, block()),
          frame(CONTINUATION, 0, 1, b"\x10" + literal("x-y") + literal("z")), pause=2.5),
    Shape("slow HTTP/2 body", ("request_within",), HELLO + post(1), frame(DATA, 0, 1, b"\0"), pause=0.5),
    Shape("slow head", ("headers_within",), GET1, b"x: y\r\n", pause=0.5),
    Shape("slow first line", ("headers_within",), b"G", b"", pause=0.5),
    Shape("slow body", ("request_within",), POST1 + b"content-length: 10000\r\n\r\n", b"x", pause=0.5),
    Shape("endless chunks", ("body",), POST1 + b"transfer-encoding: chunked\r\n\r\n", b"400\r\n" + b"x" * 1024 + b"\r\n"),
    Shape("endless chunk extension", ("body", "malformed"), POST1 + b"transfer-encoding: chunked\r\n\r\n1;", b"a=b;" * 1000),
    Shape("endless trailer lines", HEADS, POST1 + b"transfer-encoding: chunked\r\n\r\n0\r\n", b"x-y: zzzzzzzzzzzz\r\n" * 100),
    Shape("endless head", HEADS, GET1, b"x-y: zzzzzzzzzzzz\r\n" * 100),
    Shape("endless field", HEADS, GET1 + b"x: ", b"y" * 4096),
    Shape("endless first line", ("request_line",), b"GET /", b"y" * 4096),
    Shape("requests, nothing read, HTTP/1", ("taken_within",), GET1 + b"\r\n", (GET1 + b"\r\n") * 200, reads=False),
    Shape("answers by the sip", ("taken_within",), GET1 + b"\r\n", (GET1 + b"\r\n") * 200, reads=False, sip=16),
    Shape("length and coding", ("malformed",), b"", POST1 + b"content-length: 6\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nX"),
    Shape("two lengths", ("malformed",), b"", POST1 + b"content-length: 1\r\ncontent-length: 2\r\n\r\nxy"),
    Shape("folded line", ("malformed",), b"", GET1 + b"x: a\r\n b\r\n\r\n"),
    Shape("bare line feeds", ("malformed",), b"", b"GET /readyz HTTP/1.1\nhost: edge\n\n"),
    Shape("no HTTP at all", ("malformed",), b"", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200),
]
