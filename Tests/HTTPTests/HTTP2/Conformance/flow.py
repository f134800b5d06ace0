"""RFC 9113 sections 5.2 and 6.9: flow control, in both directions."""

from cases import Case, answers, ends, ignored, resets
from wire import *

LARGE = 300_000  # the body of /large
WINDOW = 1 << 20  # what the server announces


def large(stream=1):
    return headers(stream, request("/large"))


def got(peer, stream=1):
    return len(peer.answer(stream).body)


def nothing_without_window(peer):
    peer.send(settings((INITIAL_WINDOW_SIZE, 0)) + headers(1))
    peer.turn()
    if peer.answer(1).status != 200 or got(peer):
        return "a head and no body"
    peer.send(window(1, 1))
    peer.turn()
    if got(peer) != 1:
        return "one byte for a window of one"
    peer.send(window(1, 100))
    return None if peer.whole(1) else "the rest"


def trickle(peer):
    """Windows of a few bytes each bring the whole body."""
    peer.send(settings((INITIAL_WINDOW_SIZE, 0)) + window(0, LARGE) + large())
    left = LARGE
    for size in (1, 2, 3, 5, 7, 100, 1000, 1, 16383, 16384, 16385):
        peer.send(window(1, size))
        left -= size
        peer.turn()
        if got(peer) != LARGE - left:
            return f"{LARGE - left} bytes, got {got(peer)}"
    while left > 0:
        step = min(left, 20_000)
        peer.send(window(1, step))
        left -= step
        peer.turn()
    return None if peer.whole(1) and got(peer) == LARGE else f"all {LARGE} bytes, got {got(peer)}"


def stops_at_connection_window(peer):
    peer.send(settings((INITIAL_WINDOW_SIZE, LARGEST)) + large())
    peer.until(lambda: got(peer) >= 65535)
    peer.turn()
    if got(peer) != 65535:
        return f"65535 bytes and no more, got {got(peer)}"
    peer.send(window(0, LARGE))
    return None if peer.whole(1) and got(peer) == LARGE else "the rest"


def stops_at_stream_window(peer):
    peer.send(window(0, LARGE) + large())
    peer.until(lambda: got(peer) >= 65535)
    peer.turn()
    if got(peer) != 65535:
        return f"65535 bytes and no more, got {got(peer)}"
    peer.send(window(1, LARGE))
    return None if peer.whole(1) and got(peer) == LARGE else "the rest"


def raised_by_settings(peer):
    """INITIAL_WINDOW_SIZE counts for streams that are open already."""
    peer.send(settings((INITIAL_WINDOW_SIZE, 0)) + headers(1))
    peer.turn()
    peer.send(settings((INITIAL_WINDOW_SIZE, 3)))
    peer.turn()
    if got(peer) != 3:
        return f"three bytes, got {got(peer)}"
    peer.send(settings((INITIAL_WINDOW_SIZE, 6)))
    return None if peer.whole(1) else "the rest"


def negative(peer):
    """A window below 0 is borne, and must be filled before more is sent."""
    peer.send(window(0, LARGE) + large())
    peer.until(lambda: got(peer) >= 65535)
    peer.send(settings((INITIAL_WINDOW_SIZE, 35)))  # now -65500
    peer.turn()
    peer.send(window(1, 65500))
    peer.turn()
    if got(peer) != 65535:
        return f"nothing while the window is 0, got {got(peer) - 65535} bytes"
    peer.send(window(1, 10))
    peer.turn()
    if got(peer) != 65545:
        return f"ten bytes, got {got(peer) - 65535}"
    peer.send(window(1, LARGE))
    return None if peer.whole(1) and got(peer) == LARGE else "the rest"


def two_share_the_connection(peer):
    """While one stream has no window, another goes on."""
    peer.send(settings((INITIAL_WINDOW_SIZE, 0)) + large(1) + headers(3) + window(3, 100))
    return None if peer.whole(3) else "the answer on 3"


def long_upload(peer):
    """The server opens its windows again as it takes a body in: 3 MB go through the window of 1 MB."""
    peer.send(window(0, LARGEST - 65535) + settings((INITIAL_WINDOW_SIZE, LARGEST)))
    peer.send(headers(1, request("/stream", "POST"), end=False))
    peer.until(lambda: peer.settings)
    sent, total = 0, 3 << 20
    room = lambda stream, first: first + peer.windows.get(stream, 0) - sent
    while sent < total:
        size = min(16384, total - sent)
        if not peer.until(lambda: room(0, 65535) >= size and room(1, WINDOW) >= size):
            return f"a window for more than {sent} bytes"
        peer.send(data(1, b"u" * size, end=sent + size == total))
        sent += size
    return None if peer.whole(1) and got(peer) == total else f"all {total} bytes back, got {got(peer)}"


def beyond_the_window(peer):
    """/stuck takes nothing in: the server gives no window back."""
    peer.send(headers(1, request("/stuck", "POST"), end=False))
    peer.turn()
    for _ in range(WINDOW // 16384 + 1):
        peer.send(data(1, b"x" * 16384, end=False))


def frames_as_asked(peer):
    """Frames are no longer than 16384 bytes unless the client allows more."""
    peer.send(window(0, LARGE) + settings((INITIAL_WINDOW_SIZE, LARGE)) + large())
    whole = peer.whole(1)
    return None if whole and peer.answer(1).longest <= 16384 else f"frames of 16384 bytes, got {peer.answer(1).longest}"


CASES = [
    Case("6.9", "a WINDOW_UPDATE of 0 on the connection ends it", window(0, 0), ends(PROTOCOL_ERROR)),
    Case("6.9", "a WINDOW_UPDATE of 0 on a stream is refused", headers(1, request("/held")) + window(1, 0),
         resets(1, PROTOCOL_ERROR) | ends(PROTOCOL_ERROR)),
    Case("6.9", "WINDOW_UPDATE of 3 bytes ends the connection", frame(WINDOW_UPDATE, 0, 0, b"\0\0\1"), ends(FRAME_SIZE_ERROR)),
    Case("6.9", "WINDOW_UPDATE of 5 bytes ends the connection", frame(WINDOW_UPDATE, 0, 0, b"\0\0\0\0\1"), ends(FRAME_SIZE_ERROR)),
    Case("6.9", "the reserved bit of an increment is ignored", window(0, 1 << 31 | 1), ignored),
    Case("6.9", "a reserved bit alone is an increment of 0", window(0, 1 << 31), ends(PROTOCOL_ERROR)),
    Case("6.9", "no body is sent without a window", nothing_without_window, answers(1, 200, b"ready\n"),
         probe=None),
    Case("6.9", "small windows bring the whole body", trickle, answers(1, 200, b"l" * LARGE), probe=None),
    Case("6.9.1", "the connection's window bounds a body", stops_at_connection_window, answers(1, 200, b"l" * LARGE)),
    Case("6.9.1", "the stream's window bounds a body", stops_at_stream_window, answers(1, 200, b"l" * LARGE)),
    Case("6.9.1", "a stream without a window does not hold another up", two_share_the_connection, answers(3), probe=None),
    Case("6.9.1", "a connection's window above 2^31 - 1 ends it", window(0, LARGEST), ends(FLOW_CONTROL_ERROR)),
    Case("6.9.1", "a connection's window above 2^31 - 1 by two steps ends it", window(0, LARGEST - 65535) + window(0, 1),
         ends(FLOW_CONTROL_ERROR)),
    Case("6.9.1", "a connection's window of 2^31 - 1 is taken", window(0, LARGEST - 65535) + headers(1), answers(1)),
    Case("6.9.1", "a stream's window above 2^31 - 1 resets it", headers(1, request("/held")) + window(1, LARGEST),
         resets(1, FLOW_CONTROL_ERROR)),
    Case("6.9.2", "a larger INITIAL_WINDOW_SIZE lets open streams go on", raised_by_settings, answers(1, 200, b"ready\n")),
    Case("6.9.2", "a window may become negative", negative, answers(1, 200, b"l" * LARGE)),
    Case("6.9.2", "SETTINGS that raise a window above 2^31 - 1 are refused",
         headers(1, request("/held")) + window(1, LARGEST - 65535) + settings((INITIAL_WINDOW_SIZE, 65536)),
         # nghttp2 resets each such stream, with the same code: less than the RFC demands, and harmless.
         ends(FLOW_CONTROL_ERROR) | resets(1, FLOW_CONTROL_ERROR)),
    Case("6.9.1", "a body longer than the server's window goes through", long_upload, answers(1)),
    Case("6.9.1", "more than the server's window is refused", beyond_the_window,
         resets(1, FLOW_CONTROL_ERROR) | ends(FLOW_CONTROL_ERROR), probe=None),
    Case("4.2", "the server's frames are as short as the client wants", frames_as_asked, answers(1, 200, b"l" * LARGE)),
]
