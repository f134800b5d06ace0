import Glibc
import HTTP
import Loop
import TestSupport

/// What another parser makes of the bytes of a connection.
struct OtherReading: Hashable, Sendable {
    enum End: String, Hashable, Sendable { case waiting, closed, upgrade, failed }

    let parser: String
    let end: End
    /// As `differential.py` writes them.
    let messages: [String]
}

/// llhttp and h11, run by `differential.py`.
enum OtherParsers {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Why we refuse alone what one of them takes, or still waits to see the end of. A fault that is
    /// not here we may not find alone.
    static let laxities: [HTTP1Error: String] = [
        .emptyLines: "llhttp skips any number of empty lines",
        .invalidMethod: "h11 looks at a head only once it is whole",
        .invalidTarget: "neither looks at the form of a target; h11 as above",
        .invalidVersion: "llhttp bears two spaces before the version; h11 as above",
        .unsupportedVersion: "h11 takes any digits, llhttp also 0.9 and 2.0",
        .bareCR: "llhttp drops one before a request; h11 waits for the end of the line",
        .bareLF: "h11 takes it for a line end, llhttp too between requests",
        .foldedLine: "h11 joins folded lines",
        .invalidFieldName: "h11 looks at a head only once it is whole",
        .spaceBeforeColon: "h11 as above",
        .invalidFieldValue: "h11 takes most control bytes",
        .missingHost: "llhttp does not look for Host",
        .repeatedHost: "llhttp does not count Host, and h11 not in HTTP/1.0",
        .invalidHost: "neither looks at the value of Host",
        .lengthAndCoding: "h11 lets the coding win",
        .invalidLength: "h11 takes a list of equal lengths as one",
        .repeatedLength: "h11 as above",
        .invalidCoding: "llhttp skips empty members of the list",
        .unsupportedCoding: "llhttp takes other codings before chunked",
        .codingInHTTP10: "both take it",
        .bodyTooLarge: "the limit is ours",
        .invalidChunk: "h11 takes anything behind the semicolon, llhttp an empty value",
        .forbiddenTrailer: "neither minds",
    ]

    /// Why we take what one of them refuses.
    static func excuse(
        for message: HTTP1Reading.Message,
        in input: [UInt8],
        refusedBy parser: String
    ) -> String? {
        let text = String(decoding: input, as: UTF8.self).lowercased()
        if parser == "llhttp", message.framing == .chunked,
            text.contains(/transfer-encoding:[ \t]*chunked *\t/)
        {
            return "llhttp takes a tab before a coding and none behind it (RFC 9110 section 5.6.3)"
        }
        if parser == "h11", message.followsEmptyLine {
            return "one empty line before a request should be borne (RFC 9112 section 2.2)"
        }
        if parser == "llhttp", !commonMethods.contains(message.request.method) {
            return "llhttp has a list of methods; any token is one (RFC 9110 section 9.1)"
        }
        return nil
    }

    private static let commonMethods: Set<String> = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
    ]

    static func read(_ inputs: [[UInt8]]) async throws -> [[OtherReading]] {
        let folder = #filePath.split(separator: "/").dropLast()
        let root = "/" + folder.dropLast(3).joined(separator: "/")
        let python = "\(root)/.venv/bin/python"
        guard access(python, X_OK) == 0 else {
            throw Failure(description: "\(python) is not there: run make install")
        }
        let script = "/\(folder.joined(separator: "/"))/differential.py"
        var bytes: [UInt8] = []
        for input in inputs {
            withUnsafeBytes(of: UInt32(input.count).bigEndian) { bytes += $0 }
            bytes += input
        }
        let temporary = try TemporaryFolder()
        let (source, sink) = (temporary.path + "/in", temporary.path + "/out")
        try await Files.writeDurably(bytes, to: source)
        let run = try await Subprocess.run(
            ["/bin/sh", "-c", #"exec "$0" "$1" <"$2" >"$3""#, python, script, source, sink],
            until: .now + .seconds(120)
        )
        guard run.exit == .code(0), let answer = try await Files.read(sink) else {
            throw Failure(description: "\(script): \(run.exit) \(run.output)")
        }
        return String(decoding: answer, as: UTF8.self).split(separator: "\n").map { line in
            zip(["llhttp", "h11"], line.split(separator: "\t")).compactMap { parser, reading in
                let words = reading.split(separator: " ").map(String.init)
                return OtherReading.End(rawValue: words[0]).map {
                    OtherReading(parser: parser, end: $0, messages: Array(words.dropFirst()))
                }
            }
        }
    }
}

/// How two parsers differ on the bytes of a connection.
enum Difference: Hashable {
    case none
    /// We refuse what the other takes, or waits to see the end of.
    case weRefuse(HTTP1Error)
    /// The other refuses where we have a complete message.
    case weTakeMore(HTTP1Reading.Message)
    /// Both have a complete message in the same place, but not the same, or one more than the other.
    case otherMessages

    init(_ ours: HTTP1Reading, _ other: OtherReading) {
        let complete = ours.messages.filter(\.isComplete)
        let whole = other.messages.dropLast(other.end == .upgrade ? 1 : 0)
        guard zip(complete, whole).allSatisfy({ $0.word == $1 }) else {
            self = .otherMessages
            return
        }
        // httptools stops behind a head that asks for an upgrade. A server that does not take it must
        // read the body that comes all the same (RFC 9110 section 7.8), so only the heads can be alike.
        if other.end == .upgrade, let last = other.messages.last, ours.messages.count > whole.count
        {
            self = ours.messages[whole.count].word.isSameHead(as: last) ? .none : .otherMessages
            return
        }
        if complete.count > other.messages.count {
            // After an upgrade, or a message that ends the connection, the other reads no more.
            let ended = other.end == .upgrade || other.end == .closed
            self = ended ? .none : .weTakeMore(complete[other.messages.count])
            return
        }
        let hasMore = other.messages.count > complete.count
        switch ours.end {
        case .failed(let error) where hasMore || other.end == .waiting: self = .weRefuse(error)
        case .idle, .withinHead, .withinBody: self = hasMore ? .otherMessages : .none
        default: self = .none
        }
    }
}

extension HTTP1Reading.Message {
    /// The message as `differential.py` writes it.
    fileprivate var word: String {
        func fields(_ headers: HTTPHeaders) -> String {
            headers.map { name, value in
                let value = name == "transfer-encoding" ? value.lowercased() : value
                return "\(hex(name.utf8)):\(hex(value.utf8))"
            }.joined(separator: ",")
        }
        return [
            hex(request.method.utf8), hex(request.path.utf8), hex((request.authority ?? "").utf8),
            hex(request.body), fields(request.headers), fields(trailers),
        ].joined(separator: "/")
    }
}

extension String {
    /// Of messages as `differential.py` writes them: whether they differ in body and trailers alone.
    fileprivate func isSameHead(as other: String) -> Bool {
        func head(_ message: String) -> [Substring] {
            let parts = message.split(separator: "/", omittingEmptySubsequences: false)
            return parts.count == 6 ? [parts[0], parts[1], parts[2], parts[4]] : parts
        }
        return head(self) == head(other)
    }
}

private func hex(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
}
