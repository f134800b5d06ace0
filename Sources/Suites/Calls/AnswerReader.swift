import GRPC
import HTTP

/// Reads an answer and judges whether it is gRPC's. It does no I/O: what the stream brings goes in,
/// and the record says what came of it, with a status at the end.
struct AnswerReader {
    var record = CallRecord()
    private let streamsAnswers: Bool
    private let limits: CallLimits
    private var deframer: GRPCDeframer
    /// What no gRPC answer begins with, and the first words that follow it.
    private var foreign: (fault: CallStatus.Violation, words: [UInt8])?
    /// What the kept messages take, with what each costs besides its bytes.
    private var size = 0

    init(streamsAnswers: Bool, limits: CallLimits) {
        self.streamsAnswers = streamsAnswers
        self.limits = limits
        deframer = GRPCDeframer(maxMessage: limits.message)
    }

    mutating func head(_ status: Int, _ headers: HTTPHeaders, isWhole: Bool) {
        record.httpStatus = status
        record.isTrailersOnly = isWhole
        if !isWhole { record.headers = headers }
        let type = headers["content-type"]
        if status != 200, !isWhole || !headers.contains("grpc-status") {
            foreign = (.httpStatus(status), [])
        } else if !isGRPC(type) {
            foreign = (.contentType(type), [])
        }
        if isWhole { finish(headers) }
    }

    mutating func append(_ bytes: [UInt8]) {
        guard record.status == nil else { return }
        guard foreign != nil else { return deframer.append(bytes) }
        foreign?.words += bytes.prefix(512)
        if let words = foreign?.words, words.count >= 512 { endAsForeign() }
    }

    /// The next message that has come whole. It may be one that ends the call.
    mutating func next() -> CallRecord.Message? {
        guard record.status == nil, foreign == nil else { return nil }
        let frame: GRPCFrame
        do throws(GRPCFramingError) {
            guard let next = try deframer.nextFrame() else { return nil }
            frame = next
        } catch {
            switch error {
            case .unknownFlag: end(.unknownFlag, error.description)
            case .tooLarge: end(.messageTooLarge, error.description)
            }
            return nil
        }
        guard let bytes = frame.isCompressed ? expanded(frame.bytes) : frame.bytes else {
            return nil
        }
        let message = CallRecord.Message(bytes, wasCompressed: frame.isCompressed)
        record.messages.append(message)
        size += bytes.count + 64
        if !streamsAnswers, record.messages.count > 1 {
            end(.extraMessage, "a second message, where the method answers with one")
        } else if size > limits.answer {
            end(.answerTooLarge, "the messages are more than \(limits.answer) bytes together")
        }
        return message
    }

    /// The answer has come to its proper end.
    mutating func finish(_ trailers: HTTPHeaders) {
        guard record.status == nil else { return }
        record.trailers = trailers
        guard foreign == nil else { return endAsForeign() }
        guard let text = trailers["grpc-status"], let status = GRPCStatus(trailers: trailers) else {
            return end(.noStatus, "the answer ended without grpc-status")
        }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), Int(text) != nil else {
            return end(.unreadableStatus, "grpc-status is \"\(text)\"")
        }
        let details = trailers.bytes("grpc-status-details-bin")?.first
        if status.isOK, deframer.isInsideMessage {
            end(.insideMessage, "the answer ended inside a message")
        } else if status.isOK, !streamsAnswers, record.messages.isEmpty {
            end(.noMessage, "OK without a message")
        } else {
            record.status = CallStatus(server: status, details: details)
        }
    }

    /// The answer ended by something else; only the first end counts.
    mutating func end(_ status: CallStatus) {
        guard record.status == nil else { return }
        if foreign == nil { record.status = status } else { endAsForeign() }
    }

    private mutating func end(_ fault: CallStatus.Violation, _ words: String) {
        record.status = CallStatus(fault, words)
    }

    private mutating func endAsForeign() {
        guard let (fault, words) = foreign else { return }
        let status = record.httpStatus.map { "HTTP status \($0)" } ?? ""
        var text =
            switch fault {
            case .contentType(let type?): "\(status) with content-type \(type): not gRPC"
            case .contentType(nil): "\(status) without a content-type: not gRPC"
            default: "\(status) without a gRPC status"
            }
        if let said = GRPCStatus(trailers: record.trailers) { text += ", though it says \(said)" }
        if !words.isEmpty { text += ": " + String(decoding: words.prefix(512), as: UTF8.self) }
        end(fault, text)
    }

    private mutating func expanded(_ bytes: [UInt8]) -> [UInt8]? {
        let encoding = record.headers["grpc-encoding"]
        guard encoding == "gzip" else {
            let named = encoding.map { "grpc-encoding \($0)" } ?? "no grpc-encoding"
            end(.unexpectedCompression(encoding), "a compressed message, and \(named)")
            return nil
        }
        do throws(Gzip.Fault) {
            return try Gzip.expand(bytes, limit: limits.message)
        } catch {
            switch error {
            case .malformed: end(.brokenCompression, "a message that is not gzip as it says")
            case .tooLarge:
                let words = "a message that expands to more than \(limits.message) bytes"
                end(.messageTooLarge, words)
            }
            return nil
        }
    }
}

/// Whether it names gRPC with messages of protocol buffers.
private func isGRPC(_ contentType: String?) -> Bool {
    guard let type = contentType?.lowercased().split(separator: ";").first else { return false }
    return type == "application/grpc" || type == "application/grpc+proto"
}
