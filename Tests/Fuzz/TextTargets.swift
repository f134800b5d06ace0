import HTTP
import Loop
import TestSupport
import YAML

/// Requests read alike however they are cut, and what was read can be written and read again.
struct RequestTarget: TextTarget {
    static let name = "http1-requests"
    var mutator = HTTP1Seeds.mutator(seed: 1)

    mutating func fault(with input: [UInt8]) -> String? {
        let whole = HTTP1Reading([input])
        let pieces = pieces(of: input)
        let cut = HTTP1Reading(pieces)
        // A fault within the last line may be told only when the line ends.
        guard cut == whole || HTTP1Reading(pieces + [lineEnd]) == whole else {
            return "cut as \(pieces.map(\.count)): \(cut)\nbut whole: \(whole)"
        }
        for message in whole.messages where message.isComplete {
            if let fault = roundTripFault(message) { return fault }
        }
        return nil
    }

    private func roundTripFault(_ message: HTTP1Reading.Message) -> String? {
        var bytes: [UInt8] = []
        do throws(UnsendableField) {
            try HTTP1Serializer.append(message.request, to: &bytes)
        } catch {
            return "read, but not to be written: \(error)"
        }
        let again = HTTP1Reading([bytes]).messages.first?.request
        guard let again, essence(of: again) == essence(of: message.request) else {
            return "written and read again: \(String(describing: again))\nnot \(message.request)"
        }
        return nil
    }

    /// The request without the fields that the writer sets by itself, and a host that does not count.
    private func essence(of request: HTTPRequest) -> HTTPRequest {
        var request = request
        request.otherHost = nil
        for name in ["connection", "keep-alive", "content-length", "transfer-encoding"] {
            request.headers[name] = nil
        }
        return request
    }
}

private let lineEnd = Array("\r\n".utf8)

/// Responses and their bodies.
struct ResponseTarget: TextTarget {
    static let name = "http1-responses"
    var mutator = HTTP1Seeds.responseMutator(seed: 1)

    mutating func fault(with input: [UInt8]) -> String? {
        let whole = HTTP1ResponseReading([input])
        let pieces = pieces(of: input)
        let cut = HTTP1ResponseReading(pieces)
        guard cut == whole || HTTP1ResponseReading(pieces + [lineEnd]) == whole else {
            return "cut as \(pieces.map(\.count)): \(cut)\nbut whole: \(whole)"
        }
        return nil
    }
}

/// Documents, which may be refused but must be read, or refused with places, in bounded time.
struct YAMLTarget: TextTarget {
    static let name = "yaml"
    var mutator = YAMLSeeds.mutator(seed: 1)
    var maxLength: Int { 2048 }

    mutating func fault(with input: [UInt8]) -> String? {
        do throws(YAMLError) {
            _ = try YAMLDocument.parse(input, file: "fuzz.yaml")
            return nil
        } catch {
            return error.description.contains("fuzz.yaml:")
                ? nil : "an error without a place: \(error)"
        }
    }
}
