"""One case of the table: what is sent to the server and what must be seen then."""

from dataclasses import dataclass, field
from typing import Callable

from wire import CODES, END_HEADERS, END_STREAM, HEADERS, PING, Peer, block, frame, ping, request

PROBE = b"probe..."


def name(code):
    return CODES[code] if code is not None and code < len(CODES) else str(code)


def seen(peer):
    """All that matters of a connection, in words."""
    words = [f"RST_STREAM {name(code)} on {stream}" for stream, code in sorted(peer.resets.items())]
    words += [
        f"{answer.status} with {len(answer.body)} bytes{'' if answer.is_whole else ', not whole,'} on {stream}"
        for stream, answer in sorted(peer.answers.items())
    ]
    if peer.first == "HTTP/1":
        words.append("an HTTP/1 answer")
    if peer.goaway is not None:
        words.append(f"GOAWAY {name(peer.goaway)}")
    words.append("closed" if peer.is_closed else "open")
    return ", ".join(words)


@dataclass
class Expected:
    """What must be seen: words, and whether a connection shows it."""

    words: str
    holds: Callable[[Peer], bool]

    def __or__(self, other):
        return Expected(f"{self.words}; or {other.words}", lambda peer: self.holds(peer) or other.holds(peer))


def goes_on(peer):
    """The PING and the good request that follow each case were answered, and nothing else was refused."""
    probe = peer.answers.get(peer.probe)
    return (
        peer.goaway is None and not peer.is_closed and PROBE in peer.pongs
        and (peer.probe is None or (probe is not None and probe.status == 200 and probe.is_whole))
    )


def ends(*codes):
    """The connection ends by a GOAWAY with one of these codes."""
    return Expected(
        f"GOAWAY {' or '.join(map(name, codes))}, then closed",
        lambda peer: peer.goaway in codes and peer.is_closed,
    )


closes = Expected("closed, with or without an HTTP/1 refusal", lambda peer: peer.is_closed and not peer.answers)
leaves = Expected("closed without an error", lambda peer: peer.is_closed and peer.goaway in (None, 0) and not peer.resets)


def resets(stream, *codes):
    """That stream alone ends by RST_STREAM."""
    return Expected(
        f"RST_STREAM {' or '.join(map(name, codes))} on {stream}, and it goes on",
        lambda peer: list(peer.resets) == [stream] and peer.resets[stream] in codes and goes_on(peer),
    )


def answers(stream=1, status=200, body=None):
    """That stream is answered whole; nothing is reset."""

    def holds(peer):
        answer = peer.answers.get(stream)
        return (
            answer is not None and answer.status == status and answer.is_whole and not peer.resets
            and (body is None or answer.body == body) and goes_on(peer)
        )

    about = "" if body is None else f" with {body[:20]!r}{'…' if len(body) > 20 else ''}"
    return Expected(f"{status}{about} on {stream}, and it goes on", holds)


def refuses(stream, *codes):
    """A malformed request (RFC 9113 section 8.1.1): the stream is reset, or answered by 400 before it."""
    return resets(stream, *codes) | answers(stream, 400)


ignored = Expected(
    "nothing, and it goes on",
    lambda peer: not peer.resets and all(key == peer.probe or not value.is_whole for key, value in peer.answers.items())
    and goes_on(peer),
)


@dataclass
class Case:
    section: str
    title: str
    # Sent in one piece behind preface and SETTINGS; or a function of the connection that does more,
    # and says what it missed, if it did.
    play: bytes | Callable[[Peer], str | None]
    expected: Expected
    # The stream of the good request that is sent behind it; None: no request is possible any more.
    probe: int | None = 1001
    # Whether preface and SETTINGS are sent first.
    start: bool = True
    # The connection must end by itself: nothing is sent behind it.
    is_last: bool = False

    def wait(self, peer):
        """Until it is seen, or cannot be any more: what follows the case is answered, and then one more PING."""
        peer.until(lambda: self.expected.holds(peer) or peer.is_closed or (not self.is_last and goes_on(peer)))
        if not self.is_last and not peer.is_closed:
            peer.turn()

    def run(self, address):
        """What is wrong; None if nothing is."""
        peer = Peer(address, self.start)
        peer.probe = self.probe
        missed = None
        try:
            if callable(self.play):
                missed = self.play(peer)
            else:
                peer.send(self.play)
            if not self.is_last:
                good = frame(HEADERS, END_STREAM | END_HEADERS, self.probe, block(request())) if self.probe else b""
                peer.send(ping(PROBE) + good)
            if not missed:
                self.wait(peer)
        finally:
            peer.close()
        if peer.fault:
            return f"got {peer.fault}"
        if missed:
            return f"missed {missed}; got {seen(peer)}"
        return None if self.expected.holds(peer) else f"expected {self.expected.words}; got {seen(peer)}"
