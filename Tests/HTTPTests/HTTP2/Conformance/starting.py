"""RFC 9113 sections 3.4 and 4: the preface, the form of frames, compression."""

from cases import Case, answers, closes, ends, ignored, refuses, resets
from wire import *


def first_is_settings(peer):
    peer.turn()
    return None if peer.first and type(peer.first).__name__ == "SettingsFrame" else "SETTINGS first of all"


def byte_by_byte(peer):
    for byte in PREFACE + settings() + headers(1):
        peer.send(bytes([byte]))


def late_settings(peer):
    peer.send(PREFACE)
    peer.acknowledges = False  # or that would come first
    if not peer.until(lambda: peer.settings):
        return "SETTINGS as soon as the preface is in"
    peer.acknowledges = True
    peer.send(settings() + settings(flags=ACK) + headers(1))


def cut_off(count):
    def play(peer):
        peer.send(PREFACE[:count])
        peer.socket.shutdown(socket.SHUT_WR)
    return play


def answered_by_table(peer):
    """A block in a stream that is refused must be read all the same: what comes later refers to it."""
    added = literal("x-a", "b", prefix=0x40)
    peer.send(headers(1, request(more=[("Upper", "x")]), after=added))
    peer.send(headers(3, request(method="POST", path="/fields"), after=b"\xbe"))
    if not peer.whole(3) or peer.answer(3).body != b"x-a: b\n":
        return f"the field that the refused block put into the table, got {peer.answer(3).body!r}"
    peer.resets.pop(1, None)
    peer.answers.pop(1, None)


def table_of_size_zero(peer):
    """With HEADER_TABLE_SIZE 0 the decoder takes no reference to the dynamic table."""
    peer.decoder.max_allowed_table_size = 0
    peer.send(settings((HEADER_TABLE_SIZE, 0)))
    for stream in (1, 3, 5):
        peer.send(headers(stream))
        if not peer.whole(stream):
            return f"an answer on {stream}"


def broken(section, title, payload):
    """A block that cannot be decompressed ends the connection: the tables differ from then on."""
    return Case(section, title, frame(HEADERS, END_STREAM | END_HEADERS, 1, payload), ends(COMPRESSION_ERROR))


GET = block(request())
LONGER = b"x" * 16385

CASES = [
    Case("3.4", "the server's first frame is SETTINGS", first_is_settings, ignored),
    Case("3.4", "a preface in single bytes is taken", byte_by_byte, answers(1), start=False),
    Case("3.4", "SETTINGS may come later than the preface", late_settings, answers(1), start=False),
    Case("3.4", "a preface with another end is refused", PREFACE[:-6] + b"XX\r\n\r\n", closes, start=False, is_last=True),
    Case("3.4", "a preface with another word is refused", b"PRY * HTTP/2.0\r\n\r\nSM\r\n\r\n", closes, start=False, is_last=True),
    Case("3.4", "a preface that breaks off closes", cut_off(10), closes, start=False, is_last=True),
    Case("3.4", "a preface that lacks its last byte closes", cut_off(23), closes, start=False, is_last=True),
    Case("3.4", "PING before SETTINGS ends the connection", PREFACE + ping(), ends(PROTOCOL_ERROR), start=False),
    Case("3.4", "HEADERS before SETTINGS ends the connection", PREFACE + headers(1), ends(PROTOCOL_ERROR), start=False),
    Case("3.4", "an acknowledgement before SETTINGS ends the connection", PREFACE + settings(flags=ACK),
         ends(PROTOCOL_ERROR), start=False),
    Case("3.4", "a second preface ends the connection", PREFACE, ends(PROTOCOL_ERROR, FRAME_SIZE_ERROR)),
    Case("3.4", "a request before the server's SETTINGS are acknowledged is answered", PREFACE + settings() + headers(1),
         answers(1, 200, b"ready\n"), start=False),

    Case("4.1", "a frame of unknown type on the connection is ignored", frame(0x42, 0xFF, 0, b"abc"), ignored),
    Case("4.1", "a frame of unknown type on an open stream is ignored",
         headers(1, request("/echo", "POST"), end=False) + frame(0x42, 0xFF, 1, b"abc") + data(1, b"hi"),
         answers(1, 200, b"hi")),
    Case("4.1", "a frame of unknown type on an idle stream is ignored", frame(0x42, 0, 7, b"abc"), ignored),
    Case("4.1", "flags without a meaning are ignored",
         settings(flags=0xFE) + headers(1, request("/echo", "POST"), end=False, flags=END_HEADERS | 0xD2 & ~8)
         + data(1, b"hi", flags=0xF6) + window(0, 1)[:4] + b"\xff" + window(0, 1)[5:], answers(1, 200, b"hi")),
    Case("4.1", "the reserved bit of a stream's number is ignored", headers(1 | 1 << 31), answers(1)),
    Case("4.2", "a frame of 16384 bytes is taken",
         headers(1, request("/echo", "POST"), end=False) + data(1, b"x" * 16384), answers(1, 200, b"x" * 16384)),
    Case("4.2", "DATA of 16385 bytes is refused", headers(1, request("/echo", "POST"), end=False) + data(1, LONGER),
         ends(FRAME_SIZE_ERROR) | resets(1, FRAME_SIZE_ERROR)),
    Case("4.2", "HEADERS of 16385 bytes end the connection", frame(HEADERS, 5, 1, LONGER), ends(FRAME_SIZE_ERROR)),
    Case("4.2", "SETTINGS of more than 16384 bytes end the connection", settings(*[(99, 0)] * 2731), ends(FRAME_SIZE_ERROR)),
    Case("4.2", "CONTINUATION of 16385 bytes ends the connection",
         headers(1, flags=0) + frame(CONTINUATION, END_HEADERS, 1, literal("x-a", b"b" * 16377)), ends(FRAME_SIZE_ERROR)),
    Case("4.2", "an unknown frame of 16385 bytes ends the connection", frame(0x42, 0, 0, LONGER), ends(FRAME_SIZE_ERROR)),
    Case("4.2", "a frame that says 16 MB ends the connection before they come", frame(DATA, 0, 1, b"x", length=2**24 - 1),
         ends(FRAME_SIZE_ERROR)),

    broken("4.3", "index 0 ends the connection", b"\x80"),
    broken("4.3", "an index behind both tables ends the connection", GET + b"\xff\x80\x01"),
    broken("4.3", "a name's index behind both tables ends the connection", GET + b"\x7f\x80\x01\x01a"),
    broken("4.3", "a block that breaks off within a string ends the connection", GET + b"\x00\x05ab"),
    broken("4.3", "a block that breaks off within a number ends the connection", GET + b"\xff\xff"),
    broken("4.3", "a number that has no end ends the connection", GET + b"\x7f" + b"\xff" * 12 + b"\x01"),
    broken("4.3", "Huffman padding of zeros ends the connection", GET + b"\x00\x01a\x81\x00"),
    broken("4.3", "Huffman padding of more than 7 bits ends the connection", GET + b"\x00\x01a\x82\x1f\xff"),
    broken("4.3", "the end symbol within a Huffman string ends the connection", GET + b"\x00\x01a\x84\xff\xff\xff\xff"),
    broken("4.3", "a table size above the limit ends the connection", integer(4097, 5, 0x20) + GET),
    broken("4.3", "a table size behind a field ends the connection", GET + b"\x20"),
    Case("4.3", "a table size within the limit is taken", headers(1, before=b"\x20" + integer(4096, 5, 0x20)), answers(1)),
    Case("4.3", "a field that joined the table is known in later requests",
         headers(1, after=literal("x-a", "b", 0x40)) + headers(3, request("/fields"), after=b"\xbe"),
         answers(3, 200, b"x-a: b\n")),
    Case("4.3", "the block of a refused request still counts for the table", answered_by_table, ignored | answers(3)),
    Case("4.3", "a client without a table gets answers without one", table_of_size_zero, answers(1)),
    Case("4.3", "a block that is cut within its fields is put together",
         headers(1, flags=0, fields=[]) + b"".join(frame(CONTINUATION, 0, 1, bytes([byte])) for byte in GET[:5])
         + frame(CONTINUATION, END_HEADERS, 1, GET[5:]), answers(1)),
    # Our own bound (section 10.5): no block needs so many.
    Case("4.3", "a block in more pieces than are fair ends the connection",
         headers(1, flags=0, fields=[]) + b"".join(frame(CONTINUATION, 0, 1, bytes([byte])) for byte in GET[:-1])
         + frame(CONTINUATION, END_HEADERS, 1, GET[-1:]), ends(ENHANCE_YOUR_CALM)),
    Case("4.3", "a field of 16 KB and more is refused by 431", b"".join([
        headers(1, flags=0, after=literal("x-a", b"b" * 16000)),
        frame(CONTINUATION, END_HEADERS, 1, literal("x-b", b"b" * 16000))]), answers(1, 431) | refuses(1, ENHANCE_YOUR_CALM)),
]
