"""RFC 9113 section 8: requests, well formed and not."""

from cases import Case, answers, ends, ignored, refuses, resets
from wire import *


def post(more=(), end=False, path="/echo"):
    return headers(1, request(path, "POST", more), end=end)


def get(**changes):
    return headers(1, request(**changes))


def malformed(section, title, sent):
    return Case(section, f"{title} is malformed", sent, refuses(1, PROTOCOL_ERROR))


def field(section, title, name, value="x"):
    return malformed(section, title, headers(1, request(more=[(name, value)])))


def accepted(section, title, sent, body=None):
    return Case(section, f"{title} is answered", sent, answers(1, 200, body))


def head_has_no_body(peer):
    peer.send(headers(1, request(method="HEAD")))
    if not peer.whole(1):
        return "an answer"
    length = dict(peer.answer(1).fields).get("content-length")
    return None if length == "6" and not peer.answer(1).body else f"content-length 6 and no body, got {length}"


def answers_have_a_form(peer):
    """8.2, 8.3.2 of what the server sends: small letters, :status first and alone, no connection's fields."""
    peer.send(window(0, 1 << 20))
    for stream, path in ((1, "/readyz"), (3, "/large"), (5, "/echo")):
        peer.send(headers(stream, request(path)))
        peer.until(lambda: peer.answer(stream).status is not None)
        names = [name for name, _ in peer.answer(stream).fields]
        bad = [name for name in names[1:] if name != name.lower() or name.startswith(":")
               or name in ("connection", "keep-alive", "transfer-encoding", "upgrade", "proxy-connection")]
        if names[0] != ":status" or bad:
            return f"a well formed head on {path}, got {names}"
    peer.send(reset(3))
    peer.answers.pop(3)


def trailers_of_an_answer(peer):
    peer.send(post(path="/stream") + data(1, b"hi"))
    if not peer.whole(1):
        return "an answer"
    return None if peer.answer(1).trailers == [("x-end", "yes")] else f"trailers, got {peer.answer(1).trailers}"


PSEUDO = request()
VALUES = {"NUL": b"a\0b", "CR": b"a\rb", "LF": b"a\nb", "CR LF and a field": b"a\r\nx-b: c"}
NAMES = {
    "a capital letter": "X-a", "a space": "x a", "a colon": "x:a", "NUL": b"x\0a", "LF": b"x\na", "DEL": b"x\x7fa",
    "a byte above ASCII": b"x\xc3\xa4", "a comma": "x,a", "no byte": "",
}
PATHS = {"a space": "/a b", "NUL": b"/a\0", "CR": b"/a\rb", "LF": b"/a\nb", "no byte": ""}

CASES = [
    Case("8.1", "DATA before HEADERS ends the connection", data(1, b"x") + headers(1), ends(PROTOCOL_ERROR)),
    accepted("8.1", "a body in pieces, the last of them empty,",
             post() + data(1, b"he", end=False) + data(1, b"llo", end=False) + data(1, b""), b"hello"),
    accepted("8.1", "a request with trailers", post() + data(1, b"hi", end=False) + headers(1, [("x-sum", "1")]), b"hi"),
    accepted("8.1", "a request with trailers and no body", post() + headers(1, [("x-sum", "1")]), b""),
    malformed("8.1", "a second head without an end", post() + data(1, b"hi", end=False) + headers(1, [("x-sum", "1")], end=False)),
    Case("8.1", "HEADERS behind trailers are refused",
         post(path="/held") + headers(1, [("x-a", "1")]) + headers(1, [("x-a", "1")]),
         resets(1, STREAM_CLOSED) | ends(STREAM_CLOSED)),
    Case("8.1", "DATA behind trailers is refused", post(path="/held") + headers(1, [("x-a", "1")]) + data(1, b"x"),
         resets(1, STREAM_CLOSED) | ends(STREAM_CLOSED)),
    accepted("8.1", "a GET with a body", headers(1, end=False) + data(1, b"body"), b"ready\n"),
    accepted("8.1", "a HEAD with a body", headers(1, request(method="HEAD"), end=False) + data(1, b"body"), b""),
    Case("8.1", "the answer to HEAD has a length and no body", head_has_no_body, answers(1, 200, b"")),
    Case("8.1", "an answer with trailers ends by them", trailers_of_an_answer, answers(1, 200, b"hi")),
    Case("8.2", "answers are well formed", answers_have_a_form, answers(5)),

    accepted("8.1.1", "content-length that holds", post([("content-length", "5")]) + data(1, b"he", end=False) + data(1, b"llo"), b"hello"),
    accepted("8.1.1", "content-length 0 without DATA", post([("content-length", "0")], end=True), b""),
    malformed("8.1.1", "a body shorter than content-length", post([("content-length", "5")]) + data(1, b"hi")),
    malformed("8.1.1", "a body longer than content-length", post([("content-length", "1")]) + data(1, b"hi")),
    malformed("8.1.1", "a body whose pieces exceed content-length",
              post([("content-length", "3")]) + data(1, b"hi", end=False) + data(1, b"hi")),
    malformed("8.1.1", "no body where content-length says one", post([("content-length", "1")], end=True)),
    malformed("8.1.1", "trailers before content-length is reached",
              post([("content-length", "5")]) + data(1, b"hi", end=False) + headers(1, [("x-a", "1")])),
    malformed("8.1.1", "two lengths that differ", post([("content-length", "2"), ("content-length", "3")]) + data(1, b"hi")),
    malformed("8.1.1", "two lengths that agree", post([("content-length", "2")] * 2) + data(1, b"hi")),
    malformed("8.1.1", "a list of lengths", post([("content-length", "2, 2")]) + data(1, b"hi")),
    malformed("8.1.1", "a negative length", post([("content-length", "-1")]) + data(1, b"hi")),
    malformed("8.1.1", "a length with a sign", post([("content-length", "+2")]) + data(1, b"hi")),
    malformed("8.1.1", "a length above 2^64", post([("content-length", "18446744073709551618")]) + data(1, b"hi")),
    malformed("8.1.1", "an empty length", post([("content-length", "")]) + data(1, b"hi")),

    *[field("8.2.1", f"{what} in a name", name) for what, name in NAMES.items()],
    *[field("8.2.1", f"{what} in a value", "x-a", value) for what, value in VALUES.items()],
    field("8.2.1", "a value that begins with a space", "x-a", " b"),
    field("8.2.1", "a value that ends with a tab", "x-a", "b\t"),
    malformed("8.2.1", "LF in the value of a trailer", post() + data(1, b"hi", end=False) + headers(1, [("x-a", b"a\nb")])),
    malformed("8.2.1", "a capital letter in a trailer's name", post() + data(1, b"hi", end=False) + headers(1, [("X-a", "b")])),
    accepted("8.2.1", "an empty value", headers(1, request(more=[("x-a", "")]))),
    accepted("8.2.1", "a value with bytes above ASCII", headers(1, request(more=[("x-a", b"\xc3\xa4\xff")]))),
    accepted("8.2.1", "a value with a tab within", headers(1, request(more=[("x-a", "a\tb")]))),
    # The RFC names NUL, CR and LF; RFC 9110 section 5.5 lets a recipient refuse the others.
    Case("8.2.1", "another control byte in a value is answered or malformed", headers(1, request(more=[("x-a", b"a\x01b")])),
         answers(1) | refuses(1, PROTOCOL_ERROR)),

    *[field("8.2.2", f"the field {name}", name, value) for name, value in (
        ("connection", "close"), ("keep-alive", "x"), ("proxy-connection", "x"), ("upgrade", "h2c"),
        ("transfer-encoding", "chunked"), ("te", "gzip"), ("te", "trailers, gzip"))],
    accepted("8.2.2", "te: trailers", headers(1, request(more=[("te", "trailers")]))),
    accepted("8.2.3", "a cookie in pieces", headers(1, request(more=[("cookie", "a=b"), ("cookie", "c=d")]))),

    *[malformed("8.3", f"a request without {left}", headers(1, [pair for pair in PSEUDO if pair[0] != left]))
      for left in (":method", ":scheme", ":path")],
    *[malformed("8.3", f"a second {pair[0]}", headers(1, PSEUDO + [pair])) for pair in PSEUDO],
    malformed("8.3", "a pseudo field behind the others", headers(1, PSEUDO[:3] + [("x-a", "b")] + PSEUDO[3:])),
    malformed("8.3", "an unknown pseudo field", headers(1, PSEUDO + [(":unknown", "x")])),
    malformed("8.3", "a response's pseudo field", headers(1, PSEUDO + [(":status", "200")])),
    malformed("8.3", "a pseudo field in trailers", post() + data(1, b"hi", end=False) + headers(1, [(":method", "GET")])),
    malformed("8.3", "a request of no fields", headers(1, [])),
    malformed("8.3.1", "a path that does not begin with a slash", get(path="readyz")),
    malformed("8.3.1", "* as the path of a GET", get(path="*")),
    *[malformed("8.3.1", f"{what} in the path", get(path=path)) for what, path in PATHS.items()],
    malformed("8.3.1", "a fragment in the path", get(path="/readyz#x")),
    accepted("8.3.1", "* as the path of OPTIONS", get(method="OPTIONS", path="*")),
    malformed("8.3.1", "an empty method", get(method="")),
    malformed("8.3.1", "a space in the method", get(method="GE T")),
    malformed("8.3.1", "an empty scheme", get(scheme="")),
    malformed("8.3.1", "a user in :authority", get(authority="user@a")),
    malformed("8.3.1", "a user and password in :authority", get(authority="user:word@a:80")),
    malformed("8.3.1", "a slash in :authority", get(authority="a/b")),
    malformed("8.3.1", "a space in :authority", get(authority="a b")),
    malformed("8.3.1", "host that differs from :authority", get(more=[("host", "b")])),
    accepted("8.3.1", "host that is the same as :authority", get(more=[("host", "a")])),
    accepted("8.3.1", "host that differs from :authority in capitals alone", get(more=[("host", "A")])),
    accepted("8.3.1", "host without :authority", get(authority=None, more=[("host", "a")])),
    malformed("8.3.1", "two hosts", get(authority=None, more=[("host", "a"), ("host", "b")])),
    malformed("8.3.1", "a user in host", get(authority=None, more=[("host", "user@a")])),
    # The RFC wants one of them only from those who turn HTTP/1 into HTTP/2.
    Case("8.3.1", "neither host nor :authority is answered or malformed", get(authority=None),
         answers(1) | refuses(1, PROTOCOL_ERROR)),

    malformed("8.5", "CONNECT with :path and :scheme", get(method="CONNECT", authority="a:1")),
    malformed("8.5", "CONNECT without :authority", headers(1, [(":method", "CONNECT")])),
    Case("8.5", "CONNECT is answered, and not taken for a tunnel",
         headers(1, [(":method", "CONNECT"), (":authority", "a:1")]),
         answers(1, 200) | answers(1, 400) | answers(1, 404) | answers(1, 405) | answers(1, 501)),
    malformed("8.5", ":protocol, which was not offered,",
              headers(1, [*request(method="CONNECT"), (":protocol", "websocket")])),
]
