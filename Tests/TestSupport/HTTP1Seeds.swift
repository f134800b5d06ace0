/// Requests to start mutations from.
package enum HTTP1Seeds {
    package static let requests = [
        "GET /readyz HTTP/1.1\r\nHost: east-1\r\n\r\n",
        "GET /readyz?verbose HTTP/1.1\r\nhost: 127.0.0.1:9980\r\nuser-agent: Envoy/HC\r\n"
            + "x-healthgate-edge: front-1\r\n\r\n",
        "HEAD / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.0\r\nConnection: keep-alive\r\nHost: a\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "CONNECT db:5432 HTTP/1.1\r\nHost: db:5432\r\n\r\n",
        "GET http://b:81/x?y=z HTTP/1.1\r\nHost: b:81\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [::1]:80\r\nX:\t a\tb \r\nEmpty:\r\nX: c\r\n\r\n",
        "PUT /drain HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\n{\"owner\":1}\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "5\r\nhello\r\n0b;x;y=1;z=\"q;\"\r\n0123456789a\r\n0\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\nTrailer: Digest\r\n\r\n"
            + "1\r\nx\r\n000\r\nDigest: y\r\nA:\r\n\r\n",
        "DELETE /drain/me HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nokGET / HTTP/1.1\r\n"
            + "Host: a\r\n\r\n",
        "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n",
    ]

    package static let pieces = [
        "\r\n", "\n", "\r", "\r\n\r\n", "\n\n", "\0", " ", "\t", ":", ";", ",", "=", "\"", "\\",
        "+", "-", "0", "1", "a", "F", "/", "*", "#", "%0d%0a", "\u{B}", "\u{C}", "\u{7F}", "\u{80}",
        "ü", "\r\n ", "\r\n\t", " :", "_", "@", "[", "]", ".", "0x", "00000000000000000",
        "18446744073709551617", "4294967301", "-1", "HTTP/1.0", "HTTP/1.1", "HTTP/2.0", " HTTP/1.1",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "Host: a\r\n", "Host: b\r\n", "Host:\r\n",
        "Content-Length: 5\r\n", "Content-Length: 0\r\n", "content-length:2, 2\r\n",
        "Content-Length: +3\r\n", "Content-Length : 3\r\n", "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: identity\r\n", "Transfer-Encoding: gzip, chunked\r\n",
        "transfer-encoding:\tchunked \r\n", "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: xchunked\r\n", "Transfer-Encoding\r\n : chunked\r\n", "chunked",
        "Connection: close\r\n", "Connection: keep-alive\r\n", "Connection: upgrade\r\n",
        "Upgrade: h2c\r\n", "Expect: 100-continue\r\n", "X: y\r\n", "0\r\n\r\n", "5\r\nhello\r\n",
        "1;a=b\r\nx\r\n", "1 ;\r\n", "ffffffffffffffff\r\n", "10000000000000001\r\n", "-1\r\n",
    ]

    package static func mutator(seed: UInt64) -> Mutator {
        Mutator(seeds: requests, pieces: pieces, seed: seed)
    }

    package static let responses = [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204\r\n\r\n",
        "HTTP/1.0 200 OK\r\nServer: x\r\n\r\nuntil the end",
        "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nX: y\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 9\r\n\r\n",
    ]

    package static func responseMutator(seed: UInt64) -> Mutator {
        Mutator(
            seeds: responses,
            pieces: pieces + ["HTTP/1.1 ", "200", "100", "101", "204", "304", "999", " OK"],
            seed: seed
        )
    }
}
