/// Connections to start from, behind the preface. Their field blocks leave the table alone or only
/// add to it, so that they may stand in any order.
enum HTTP2Seeds {
    private static let endStream: UInt8 = 1
    private static let endHeaders: UInt8 = 4

    static let all: [[Frame]] = [
        [settings(), get(1, "/readyz"), get(3, "/readyz"), Frame(6, 0, 0, ping)],
        [settings(), Frame(4, 1), head(1, "POST", "/echo"), data(1, "hello", ends: true)],
        [settings(), head(1, "POST", "/stream"), data(1, "he"), data(1, "llo"), trailers(1)],
        [settings((4, 0)), get(1, "/large"), window(1, 100), window(0, 1), settings((4, 65535))],
        [settings(), get(1, "/large"), Frame(3, 0, 1, number(8)), get(3, "/abort")],
        [settings(), head(1, "POST", "/a.B/C"), data(1, "\0\0\0\0\0", ends: true)],
        [settings(), get(1, "/never"), get(3, "/never"), Frame(7, 0, 0, number(3) + number(0))],
        [
            settings((1, 0), (2, 0), (3, 1), (5, 16384), (6, 100), (99, 1)),
            Frame(1, endStream, 1, Array(block("GET", "/").prefix(3))),
            Frame(9, endHeaders, 1, Array(block("GET", "/").dropFirst(3))),
        ],
        [
            settings(),
            Frame(1, 0x2D, 1, [2] + number(0) + [9] + block("HEAD", "/readyz") + [0, 0]),
            Frame(2, 0, 1, number(0x8000_0003) + [1]), Frame(0, 8, 1, [3, 1, 2, 0, 0, 0]),
        ],
        [
            settings(),
            Frame(1, endStream | endHeaders, 1, block("GET", "/e") + literal("x-a", "b")),
            Frame(1, endStream | endHeaders, 3, [0xBE, 0x3F, 0xE1, 0x1F] + block("GET", "/")),
            Frame(1, endHeaders, 5, block("PUT", "/l") + literal("content-length", "3")),
            data(5, "abc", ends: true),
        ],
    ]

    private static let ping = [UInt8](repeating: 7, count: 8)

    private static func settings(_ values: (UInt16, UInt32)...) -> Frame {
        Frame(4, 0, 0, values.flatMap { [UInt8($0.0 >> 8), UInt8($0.0 & 255)] + number($0.1) })
    }

    private static func get(_ stream: UInt32, _ path: String) -> Frame {
        Frame(1, endStream | endHeaders, stream, block("GET", path))
    }

    private static func head(_ stream: UInt32, _ method: String, _ path: String) -> Frame {
        Frame(1, endHeaders, stream, block(method, path))
    }

    private static func trailers(_ stream: UInt32) -> Frame {
        Frame(1, endStream | endHeaders, stream, literal("x-sum", "1"))
    }

    private static func data(_ stream: UInt32, _ text: String, ends: Bool = false) -> Frame {
        Frame(0, ends ? endStream : 0, stream, Array(text.utf8))
    }

    private static func window(_ stream: UInt32, _ more: UInt32) -> Frame {
        Frame(8, 0, stream, number(more))
    }

    /// `:method`, `:scheme`, `:path` and `:authority`, literal or from the static table.
    private static func block(_ method: String, _ path: String) -> [UInt8] {
        [0x02] + text(method) + [0x86, 0x04] + text(path) + [0x01] + text("a")
    }

    /// A field that joins the table.
    private static func literal(_ name: String, _ value: String) -> [UInt8] {
        [0x40] + text(name) + text(value)
    }

    private static func text(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + text.utf8 }
}
