"""RFC 9113 section 6, but for flow control: each type of frame."""

from cases import Case, answers, ends, ignored, leaves, resets
from wire import *

POST = request("/echo", "POST")
OPEN = headers(1, POST, end=False)
DONE = frame(CONTINUATION, END_HEADERS, 1)


def acknowledged(count, *frames):
    """Each SETTINGS is acknowledged; the one that every connection starts with is counted here."""
    def play(peer):
        peer.send(b"".join(frames))
        peer.turn()
        return None if peer.settings_acks == count + 1 else f"{count + 1} acknowledgements, got {peer.settings_acks}"
    return play


def pong(peer):
    peer.send(ping(b"\x00\xffpayload"[:8]))
    return None if peer.until(lambda: b"\x00\xffpayload"[:8] in peer.pongs) else "the same eight bytes back"


def no_pong(peer):
    peer.send(ping(b"answered", flags=ACK))
    peer.turn()
    return "no answer to an acknowledgement" if b"answered" in peer.pongs else None


def finished_after_goaway(peer):
    """What is under way is finished; what the server does then is its own choice."""
    peer.send(OPEN + frame(GOAWAY, 0, 0, u32(0) + u32(NO_ERROR)) + data(1, b"hi"))
    return None if peer.whole(1) and peer.answer(1).body == b"hi" else "the answer that was under way"


def within(section, title, more):
    return Case(section, f"{title} within a block of fields ends the connection", headers(1, flags=0) + more + DONE,
                ends(PROTOCOL_ERROR))


CASES = [
    Case("6.1", "DATA on stream 0 ends the connection", data(0, b"x"), ends(PROTOCOL_ERROR)),
    Case("6.1", "padding is taken off", OPEN + data(1, b"\x03hi\0\0\0", flags=PADDED), answers(1, 200, b"hi")),
    Case("6.1", "padding and nothing else is an empty body", OPEN + data(1, b"\x02\0\0", flags=PADDED), answers(1, 200, b"")),
    Case("6.1", "padding as long as the frame ends the connection", OPEN + data(1, b"\x02hi"[:2], flags=PADDED), ends(PROTOCOL_ERROR)),
    Case("6.1", "padding longer than the frame ends the connection", OPEN + data(1, b"\xffhi", flags=PADDED), ends(PROTOCOL_ERROR)),
    Case("6.1", "padded DATA without the padding's length ends the connection", OPEN + data(1, b"", flags=PADDED),
         ends(PROTOCOL_ERROR, FRAME_SIZE_ERROR)),
    Case("6.1", "empty DATA does not end a body", OPEN + data(1, b"", end=False) * 3 + data(1, b"hi"), answers(1, 200, b"hi")),

    Case("6.2", "padded HEADERS with a priority are taken",
         headers(1, flags=END_HEADERS | PADDED | PRIORITIZED, before=b"\x02" + u32(0) + b"\x01", after=b"\0\0"), answers(1)),
    Case("6.2", "padding longer than HEADERS ends the connection", frame(HEADERS, 5 | PADDED, 1, b"\xff" + block(request())),
         ends(PROTOCOL_ERROR)),
    Case("6.2", "padding as long as HEADERS ends the connection", frame(HEADERS, 5 | PADDED, 1, b"\x02\x82"), ends(PROTOCOL_ERROR)),
    Case("6.2", "padded HEADERS without the padding's length end the connection", frame(HEADERS, 5 | PADDED, 1),
         ends(PROTOCOL_ERROR, FRAME_SIZE_ERROR)),
    Case("6.2", "HEADERS too short for their priority end the connection", frame(HEADERS, 5 | PRIORITIZED, 1, b"\0\0\0"),
         ends(FRAME_SIZE_ERROR, PROTOCOL_ERROR)),

    Case("6.3", "PRIORITY on stream 0 ends the connection", frame(PRIORITY, 0, 0, u32(1) + b"\x10"), ends(PROTOCOL_ERROR)),
    Case("6.3", "PRIORITY of 4 bytes is refused", headers(1, request("/held")) + frame(PRIORITY, 0, 1, u32(0)),
         resets(1, FRAME_SIZE_ERROR) | ends(FRAME_SIZE_ERROR)),
    Case("6.3", "PRIORITY of 6 bytes is refused", headers(1, request("/held")) + frame(PRIORITY, 0, 1, u32(0) + b"\0\0"),
         resets(1, FRAME_SIZE_ERROR) | ends(FRAME_SIZE_ERROR)),

    Case("6.4", "RST_STREAM on stream 0 ends the connection", reset(0), ends(PROTOCOL_ERROR)),
    Case("6.4", "RST_STREAM of 3 bytes ends the connection", OPEN + frame(RST_STREAM, 0, 1, b"\0\0\0"), ends(FRAME_SIZE_ERROR)),
    Case("6.4", "RST_STREAM of 5 bytes ends the connection", OPEN + frame(RST_STREAM, 0, 1, b"\0" * 5), ends(FRAME_SIZE_ERROR)),

    Case("6.5", "SETTINGS are acknowledged", acknowledged(1, settings((ENABLE_PUSH, 0))), ignored),
    Case("6.5", "each of many SETTINGS is acknowledged", acknowledged(3, settings() * 3), ignored),
    Case("6.5", "an acknowledgement with a payload ends the connection", settings((ENABLE_PUSH, 0), flags=ACK), ends(FRAME_SIZE_ERROR)),
    Case("6.5", "SETTINGS on a stream end the connection", settings(stream=1), ends(PROTOCOL_ERROR)),
    Case("6.5", "SETTINGS of 5 bytes end the connection", frame(SETTINGS, 0, 0, b"\0" * 5), ends(FRAME_SIZE_ERROR)),
    Case("6.5", "SETTINGS of 7 bytes end the connection", frame(SETTINGS, 0, 0, b"\0" * 7), ends(FRAME_SIZE_ERROR)),
    # The RFC is silent.
    Case("6.5", "an acknowledgement of nothing is ignored or ends the connection", settings(flags=ACK) * 2,
         ignored | ends(PROTOCOL_ERROR)),
    Case("6.5.2", "ENABLE_PUSH of 2 ends the connection", settings((ENABLE_PUSH, 2)), ends(PROTOCOL_ERROR)),
    Case("6.5.2", "ENABLE_PUSH of 1 is taken, and nothing is pushed", settings((ENABLE_PUSH, 1)) + headers(1), answers(1)),
    Case("6.5.2", "INITIAL_WINDOW_SIZE of 2^31 ends the connection", settings((INITIAL_WINDOW_SIZE, 1 << 31)), ends(FLOW_CONTROL_ERROR)),
    Case("6.5.2", "INITIAL_WINDOW_SIZE of 2^31 - 1 is taken", settings((INITIAL_WINDOW_SIZE, LARGEST)) + headers(1), answers(1)),
    Case("6.5.2", "MAX_FRAME_SIZE below 16384 ends the connection", settings((MAX_FRAME_SIZE, 16383)), ends(PROTOCOL_ERROR)),
    Case("6.5.2", "MAX_FRAME_SIZE of 2^24 ends the connection", settings((MAX_FRAME_SIZE, 1 << 24)), ends(PROTOCOL_ERROR)),
    Case("6.5.2", "MAX_FRAME_SIZE of 16384 and 2^24 - 1 are taken",
         settings((MAX_FRAME_SIZE, 16384), (MAX_FRAME_SIZE, (1 << 24) - 1)) + headers(1), answers(1)),
    Case("6.5.2", "MAX_CONCURRENT_STREAMS of 0 from a client is taken", settings((MAX_CONCURRENT_STREAMS, 0)) + headers(1), answers(1)),
    Case("6.5.2", "unknown settings are ignored", acknowledged(1, settings((0, 1), (0x99, 7), (0xFFFF, 2**32 - 1))), ignored),
    Case("6.5.3", "settings count in their order", settings((INITIAL_WINDOW_SIZE, 0), (INITIAL_WINDOW_SIZE, 100)) + headers(1),
         answers(1, 200, b"ready\n")),

    Case("6.6", "PUSH_PROMISE on a stream of the client's ends the connection",
         OPEN + frame(PUSH_PROMISE, END_HEADERS, 1, u32(2) + block(request())), ends(PROTOCOL_ERROR)),
    Case("6.6", "PUSH_PROMISE on stream 0 ends the connection",
         frame(PUSH_PROMISE, END_HEADERS, 0, u32(2) + block(request())), ends(PROTOCOL_ERROR)),

    Case("6.7", "PING comes back with its bytes", pong, ignored),
    Case("6.7", "an acknowledged PING is not answered", no_pong, ignored),
    Case("6.7", "PING on a stream ends the connection", ping(stream=1), ends(PROTOCOL_ERROR)),
    Case("6.7", "PING of 7 bytes ends the connection", ping(b"1234567"), ends(FRAME_SIZE_ERROR)),
    Case("6.7", "PING of 9 bytes ends the connection", ping(b"123456789"), ends(FRAME_SIZE_ERROR)),
    Case("6.7", "an empty PING ends the connection", ping(b""), ends(FRAME_SIZE_ERROR)),

    Case("6.8", "GOAWAY on a stream ends the connection", frame(GOAWAY, 0, 1, u32(0) + u32(0)), ends(PROTOCOL_ERROR)),
    Case("6.8", "GOAWAY of 7 bytes ends the connection", frame(GOAWAY, 0, 0, b"\0" * 7), ends(FRAME_SIZE_ERROR)),
    Case("6.8", "what is under way is answered after GOAWAY", finished_after_goaway, answers(1) | leaves,
         is_last=True),
    Case("6.8", "GOAWAY may say more, and come again",
         frame(GOAWAY, 0, 0, u32(LARGEST - 1) + u32(0) + b"why") + frame(GOAWAY, 0, 0, u32(0) + u32(99)), ignored | leaves),

    Case("6.10", "CONTINUATION behind a whole block ends the connection", headers(1) + frame(CONTINUATION, END_HEADERS, 1),
         ends(PROTOCOL_ERROR, STREAM_CLOSED)),
    Case("6.10", "CONTINUATION behind DATA ends the connection",
         OPEN + data(1, b"x", end=False) + frame(CONTINUATION, END_HEADERS, 1), ends(PROTOCOL_ERROR)),
    Case("6.10", "CONTINUATION on stream 0 ends the connection", frame(CONTINUATION, END_HEADERS, 0), ends(PROTOCOL_ERROR)),
    Case("6.10", "a block in three frames is put together",
         headers(1, flags=0) + frame(CONTINUATION, 0, 1, literal("x-a", "b")) + frame(CONTINUATION, END_HEADERS, 1), answers(1)),
    Case("6.10", "trailers in two frames are put together",
         OPEN + data(1, b"hi", end=False) + headers(1, [("x-a", "b")], flags=0) + DONE, answers(1, 200, b"hi")),
    within("6.10", "CONTINUATION of another stream", frame(CONTINUATION, END_HEADERS, 3, b"")),
    within("6.10", "DATA", data(1, b"x")),
    within("6.10", "HEADERS of another stream", headers(3)),
    within("6.10", "HEADERS of the same stream", headers(1)),
    within("6.10", "PRIORITY", frame(PRIORITY, 0, 1, u32(0) + b"\x10")),
    within("6.10", "RST_STREAM", reset(1)),
    within("6.10", "SETTINGS", settings()),
    within("6.10", "PING", ping()),
    within("6.10", "GOAWAY", frame(GOAWAY, 0, 0, u32(0) * 2)),
    within("6.10", "WINDOW_UPDATE", window(0, 1)),
]
