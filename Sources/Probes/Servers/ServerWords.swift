/// What a server said, as it may stand in a log and on a status page: one line, not too long, and
/// without the secret that we sent, were it to come back.
struct ServerWords {
    var secret: String?

    private static let most = 200

    func shown(_ bytes: some Collection<UInt8>) -> String {
        shown(String(decoding: bytes, as: UTF8.self))
    }

    func shown(_ text: String) -> String {
        var text = text
        // Before the cut, which could leave a part of it.
        if let secret, !secret.isEmpty { text = text.replacing(secret, with: "…") }
        let visible = text.unicodeScalars.prefix(ServerWords.most).map {
            $0.properties.isPlain ? String($0) : $0.escaped(asASCII: true)
        }
        return visible.joined() + (text.unicodeScalars.count > ServerWords.most ? "…" : "")
    }
}

extension Unicode.Scalar.Properties {
    /// Neither moves the cursor nor turns the direction of writing.
    fileprivate var isPlain: Bool {
        switch generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
