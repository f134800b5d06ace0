import FoundationEssentials
import Loop

/// The client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding.
///
/// The server is proved too: one that does not know the password's key cannot answer the last step.
struct SCRAM {
    private let user: String
    private let password: [UInt8]
    private let nonce: String
    private var serverKeyProof: [UInt8] = []

    struct Failure: Error {
        let words: String
        /// The server could not prove that it knows the password.
        var isForged = false
    }

    /// - Parameter nonce: printable, without commas, new for each exchange.
    init(user: String, password: String, nonce: String) {
        self.user = user.replacing("=", with: "=3D").replacing(",", with: "=2C")
        // SASLprep (RFC 4013) changes nothing in ASCII; PostgreSQL takes what it cannot prepare as it is.
        self.password = Array(password.utf8)
        self.nonce = nonce
    }

    static func makeNonce() -> String { Data(randomBytes(18)).base64EncodedString() }

    private var bare: String { "n=\(user),r=\(nonce)" }

    /// The first message of the client.
    var first: String { "n,,\(bare)" }

    /// Servers ask for 4096. These take some 25 ms, in which no poll is answered.
    private static let mostRounds = 100_000

    /// The last message of the client, after the server's first.
    mutating func final(after serverFirst: String) throws(Failure) -> String {
        let fields = SCRAM.fields(serverFirst)
        guard let theirs = fields["r"], theirs.hasPrefix(nonce), theirs.count > nonce.count,
            let salt = fields["s"].flatMap({ Data(base64Encoded: $0) }),
            let rounds = fields["i"].flatMap({ Int($0) }), rounds > 0
        else { throw Failure(words: "the server's first SCRAM message is malformed") }
        guard rounds <= SCRAM.mostRounds else {
            throw Failure(
                words:
                    "the server asks for \(rounds) rounds of SCRAM, more than \(SCRAM.mostRounds)"
            )
        }
        let salted = Digest.sha256.stretch(password: password, salt: Array(salt), rounds: rounds)
        let clientKey = Digest.sha256.authenticate(Array("Client Key".utf8), key: salted)
        let storedKey = Digest.sha256.hash(clientKey)
        let withoutProof = "c=biws,r=\(theirs)"
        let message = Array("\(bare),\(serverFirst),\(withoutProof)".utf8)
        let signature = Digest.sha256.authenticate(message, key: storedKey)
        let proof = zip(clientKey, signature).map { $0 ^ $1 }
        let serverKey = Digest.sha256.authenticate(Array("Server Key".utf8), key: salted)
        serverKeyProof = Digest.sha256.authenticate(message, key: serverKey)
        return "\(withoutProof),p=\(Data(proof).base64EncodedString())"
    }

    /// Checks the server's last message.
    func verify(_ serverFinal: String) throws(Failure) {
        let fields = SCRAM.fields(serverFinal)
        if let error = fields["e"] { throw Failure(words: "SCRAM: \(error)") }
        guard let proof = fields["v"].flatMap({ Data(base64Encoded: $0) }),
            Array(proof) == serverKeyProof, !serverKeyProof.isEmpty
        else { throw Failure(words: "the server does not know the password", isForged: true) }
    }

    private static func fields(_ message: String) -> [Character: String] {
        var fields: [Character: String] = [:]
        for part in message.split(separator: ",") {
            guard let name = part.first, part.dropFirst().first == "=" else { continue }
            fields[name] = String(part.dropFirst(2))
        }
        return fields
    }
}
