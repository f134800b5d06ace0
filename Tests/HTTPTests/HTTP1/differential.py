"""Tells what llhttp (by httptools) and h11 make of HTTP/1 requests.

On stdin: byte strings, each behind its length in four bytes, the highest first. On stdout: a line
for each, with what llhttp and what h11 made of it, parted by a tab. Each is words parted by spaces:
how the bytes end (`waiting`, `closed`, `upgrade`, `failed`), then one word for each complete
message: method, path, authority, body, fields and trailers, in hexadecimal, parted by `/`.
"""

import re
import sys

import h11
import httptools

ABSOLUTE = re.compile(rb"(?i:https?)://([^/]*)(.*)", re.DOTALL)


def word(method, target, fields, body, trailers):
    """A message in the form that HTTP1Reading has: Host is the authority, and text is UTF-8, repaired."""
    fields, trailers = list(map(field, fields)), list(map(field, trailers))
    authority = next((value for name, value in fields if name == b"host"), b"")
    absolute = ABSOLUTE.fullmatch(target)
    if method == b"CONNECT":
        authority = target
    elif absolute:
        authority, target = absolute[1], absolute[2] or b"/"
    fields = [(name, value) for name, value in fields if name != b"host"]
    return "/".join(
        [part.hex() for part in (method, target, authority, body)]
        + [",".join(f"{name.hex()}:{value.hex()}" for name, value in part) for part in (fields, trailers)]
    )


def field(pair):
    """llhttp leaves the blanks behind a value, and h11 writes the coding in lower case."""
    name, value = pair[0].lower(), pair[1].strip(b" \t").decode("utf-8", "replace").encode()
    return name, value.lower() if name == b"transfer-encoding" else value


class LLHTTP:
    def __init__(self):
        self.words = []
        self.is_within = False

    def on_message_begin(self):
        self.is_within = True
        self.target, self.fields, self.body, self.trailers = b"", [], b"", []
        self.part = self.fields

    def on_url(self, url):
        self.target += url

    def on_header(self, name, value):
        self.part.append((name, value))

    def on_headers_complete(self):
        self.part = self.trailers

    def on_body(self, body):
        self.body += body

    def on_message_complete(self):
        self.is_within = False
        self.words.append(word(self.parser.get_method(), self.target, self.fields, self.body, self.trailers))

    def read(self, data):
        self.parser = httptools.HttpRequestParser(self)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            return "upgrade"
        except httptools.HttpParserError:
            return "failed"
        return "waiting"


class H11:
    def __init__(self):
        self.words = []

    def read(self, data):
        connection = h11.Connection(h11.SERVER)
        try:
            connection.receive_data(data)
            while True:
                event = connection.next_event()
                if event is h11.NEED_DATA:
                    return "waiting"
                if isinstance(event, h11.Request):
                    request, body = event, b""
                elif isinstance(event, h11.Data):
                    body += bytes(event.data)
                elif isinstance(event, h11.EndOfMessage):
                    fields = list(request.headers)
                    self.words.append(word(request.method, request.target, fields, body, list(event.headers)))
                    # A refusal, so that neither CONNECT nor Upgrade ends the reading.
                    connection.send(h11.Response(status_code=400, headers=[("content-length", "0")]))
                    connection.send(h11.EndOfMessage())
                    if connection.our_state is h11.MUST_CLOSE:
                        return "closed"
                    connection.start_next_cycle()
                else:
                    return "closed"
        except h11.ProtocolError:
            return "failed"


def main():
    source, sink = sys.stdin.buffer, sys.stdout
    while prefix := source.read(4):
        data = source.read(int.from_bytes(prefix, "big"))
        answers = []
        for reader in (LLHTTP(), H11()):
            end = reader.read(data)
            answers.append(" ".join([end] + reader.words))
        sink.write("\t".join(answers) + "\n")


main()
