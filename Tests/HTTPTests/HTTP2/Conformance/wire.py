"""Frames of HTTP/2 as bytes, right or wrong, and one connection that sends and reads them."""

import socket
import time

import hpack
from hyperframe import frame as frames
from hyperframe.exceptions import HyperframeError

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, ACK, END_HEADERS, PADDED, PRIORITIZED = 1, 1, 4, 8, 32
CODES = (
    "NO_ERROR PROTOCOL_ERROR INTERNAL_ERROR FLOW_CONTROL_ERROR SETTINGS_TIMEOUT STREAM_CLOSED FRAME_SIZE_ERROR "
    "REFUSED_STREAM CANCEL COMPRESSION_ERROR CONNECT_ERROR ENHANCE_YOUR_CALM INADEQUATE_SECURITY HTTP_1_1_REQUIRED"
).split()
(NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR, FLOW_CONTROL_ERROR, _, STREAM_CLOSED, FRAME_SIZE_ERROR, REFUSED_STREAM,
 CANCEL, COMPRESSION_ERROR, _, ENHANCE_YOUR_CALM, _, _) = range(14)
(HEADER_TABLE_SIZE, ENABLE_PUSH, MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE, MAX_FRAME_SIZE,
 MAX_HEADER_LIST_SIZE) = range(1, 7)
LARGEST = 2**31 - 1

# How long anything that must come may take.
PATIENCE = 10


def u32(value):
    return value.to_bytes(4, "big")


def frame(kind, flags=0, stream=0, payload=b"", length=None):
    """Any frame; `length` is what its head says, if that is not the truth."""
    size = len(payload) if length is None else length
    return size.to_bytes(3, "big") + bytes([kind, flags]) + u32(stream) + payload


def literal(name, value, prefix=0x00):
    """A field without Huffman coding; by default one that the table does not keep. 0x40: it does."""
    name, value = name if isinstance(name, bytes) else name.encode(), value if isinstance(value, bytes) else value.encode()
    return bytes([prefix]) + integer(len(name), 7) + name + integer(len(value), 7) + value


def integer(value, bits, first=0):
    limit = (1 << bits) - 1
    if value < limit:
        return bytes([first | value])
    out, value = [first | limit], value - limit
    while value >= 128:
        out.append(value % 128 | 128)
        value //= 128
    return bytes(out + [value])


def request(path="/readyz", method="GET", more=(), authority="a", scheme="http"):
    """The fields of a request; None leaves one out."""
    pseudo = [(":method", method), (":scheme", scheme), (":authority", authority), (":path", path)]
    return [(name, value) for name, value in pseudo if value is not None] + list(more)


def block(fields):
    return b"".join(literal(name, value) for name, value in fields)


def headers(stream=1, fields=None, end=True, flags=END_HEADERS, before=b"", after=b""):
    """HEADERS with these fields, a good GET if none are given."""
    payload = before + block(request() if fields is None else fields) + after
    return frame(HEADERS, flags | (END_STREAM if end else 0), stream, payload)


def data(stream=1, payload=b"", end=True, flags=0):
    return frame(DATA, flags | (END_STREAM if end else 0), stream, payload)


def settings(*pairs, flags=0, stream=0):
    return frame(SETTINGS, flags, stream, b"".join(key.to_bytes(2, "big") + u32(value) for key, value in pairs))


def window(stream, increment):
    return frame(WINDOW_UPDATE, 0, stream, u32(increment))


def reset(stream=1, code=CANCEL):
    return frame(RST_STREAM, 0, stream, u32(code))


def ping(payload=b"12345678", flags=0, stream=0):
    return frame(PING, flags, stream, payload)


class Answer:
    """What came on one stream."""

    def __init__(self):
        self.status, self.fields, self.trailers = None, [], None
        self.body, self.is_whole, self.longest = b"", False, 0


class Peer:
    """A connection to the server, and all that was seen on it."""

    def __init__(self, address, start=True):
        self.socket = socket.create_connection(address, timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.decoder = hpack.Decoder()
        self.first = self.goaway = self.last_stream = self.fault = None
        self.is_closed, self.acknowledges = False, True
        self.answers, self.resets, self.windows = {}, {}, {}
        self.settings, self.settings_acks, self.pongs = [], 0, []
        if start:
            self.send(PREFACE + settings())

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            pass  # closed by the server, which reading will tell

    def answer(self, stream):
        return self.answers.setdefault(stream, Answer())

    def read(self):
        """Takes in one frame; False at the end of the connection."""
        while len(self.buffer) < 9 or len(self.buffer) < 9 + int.from_bytes(self.buffer[:3], "big"):
            try:
                more = self.socket.recv(1 << 16)
            except ConnectionError:
                more = b""
            if not more:
                self.is_closed = True
                return False
            self.buffer += more
            if self.first is None and self.buffer[:5] == b"HTTP/":
                self.first, self.is_closed = "HTTP/1", True
                return False
        head, length = frames.Frame.parse_frame_header(memoryview(self.buffer[:9]))
        body, self.buffer = self.buffer[9:9 + length], self.buffer[9 + length:]
        try:
            head.parse_body(memoryview(body))
            self.take(head)
        except (HyperframeError, hpack.HPACKError) as error:
            self.fault = f"a {type(head).__name__} that cannot be read: {error!r}"
        return True

    def take(self, seen):
        self.first = self.first or seen
        if isinstance(seen, frames.SettingsFrame):
            if "ACK" in seen.flags:
                self.settings_acks += 1
            else:
                self.settings.append(seen.settings)
                if self.acknowledges:
                    self.send(settings(flags=ACK))
        elif isinstance(seen, frames.PingFrame):
            self.pongs.append(seen.opaque_data if "ACK" in seen.flags else None)
        elif isinstance(seen, frames.GoAwayFrame):
            self.goaway, self.last_stream = seen.error_code, seen.last_stream_id
        elif isinstance(seen, frames.RstStreamFrame):
            self.resets.setdefault(seen.stream_id, seen.error_code)
        elif isinstance(seen, frames.WindowUpdateFrame):
            self.windows[seen.stream_id] = self.windows.get(seen.stream_id, 0) + seen.window_increment
        elif isinstance(seen, frames.HeadersFrame):
            self.take_fields(seen)
        elif isinstance(seen, frames.DataFrame):
            answer = self.answer(seen.stream_id)
            answer.body += seen.data
            answer.longest = max(answer.longest, len(seen.data))
            answer.is_whole = "END_STREAM" in seen.flags
        elif isinstance(seen, frames.PushPromiseFrame):
            self.fault = "a PUSH_PROMISE"

    def take_fields(self, seen):
        if "END_HEADERS" not in seen.flags:
            self.fault = "a head in pieces, which is not what this table expects"
            return
        fields = self.decoder.decode(seen.data)
        answer = self.answer(seen.stream_id)
        if answer.status is None:
            answer.fields, answer.status = fields, int(dict(fields)[":status"])
        else:
            answer.trailers = fields
        answer.is_whole = "END_STREAM" in seen.flags

    def until(self, condition):
        """Reads until it holds or the connection ends; whether it holds."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            self.socket.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                if not self.read():
                    return condition()
            except TimeoutError:
                return False
        return True

    def turn(self):
        """Reads until two PINGs, one after the other, came back: what was sent before has been read and answered.

        One would not do: its answer may overtake those to other frames that came with it.
        """
        for _ in range(2):
            mark = b"turn" + u32(len(self.pongs))
            self.send(ping(mark))
            if not self.until(lambda: mark in self.pongs):
                return False
        return True

    def whole(self, stream):
        return self.until(lambda: self.answer(stream).is_whole or stream in self.resets)

    def until_closed(self):
        return self.until(lambda: self.is_closed)

    def close(self):
        self.socket.close()
