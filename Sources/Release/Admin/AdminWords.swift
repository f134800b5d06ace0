import FoundationEssentials
package import HTTP

extension HTTPResponse {
    /// What a gateway says is wrong: the answer's `error`, or else its first line.
    package var problem: String {
        let answer = try? JSONDecoder().decode(ErrorAnswer.self, from: Data(body))
        if let text = answer?.error { return text }
        let line = text.split(whereSeparator: \.isNewline).first
        return String((line ?? "no reason given").prefix(200))
    }
}

private struct ErrorAnswer: Decodable { let error: String? }

/// As it stands for a value in the query of a URL.
package func queryEncoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
        let character = Character(Unicode.Scalar(byte))
        if byte < 0x80, character.isLetter || character.isNumber || "-._~".contains(character) {
            encoded.append(character)
        } else {
            encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
    }
    return encoded
}
