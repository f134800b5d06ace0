import FoundationEssentials

/// An answer of Envoy's admin interface that is not what it should be.
package struct EnvoyFormatError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
}

/// A number as Envoy writes it: `2`, `"2"` (64-bit values), and nothing at all for zero.
struct EnvoyCount: Decodable {
    let value: Int

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            value = Int(text) ?? 0
        } else if let number = try? container.decode(Int.self) {
            value = number
        } else {
            value = Int(exactly: try container.decode(Double.self).rounded()) ?? 0
        }
    }
}

/// A duration as protobuf's JSON writes it: `"0.500s"`.
struct EnvoyDuration: Decodable {
    let value: Duration

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard text.hasSuffix("s"), let seconds = Double(text.dropLast()),
            seconds.isFinite, abs(seconds) < 1e9
        else { throw EnvoyFormatError(description: "\"\(text)\" is not a duration") }
        value = .nanoseconds(Int64((seconds * 1e9).rounded()))
    }
}

/// Decodes an admin answer, with `what` it was in the error's words.
func decodeEnvoy<Value: Decodable>(
    _ type: Value.Type,
    from json: [UInt8],
    _ what: String
) throws(EnvoyFormatError) -> Value {
    do {
        return try JSONDecoder().decode(type, from: Data(json))
    } catch {
        throw EnvoyFormatError(description: "\(what) is not what an Envoy answers: \(error)")
    }
}
