/// The two tokens, and the comparison of what a caller sent with them.
///
/// How long that takes tells nothing of a token: each call goes over all bytes of both, whether what
/// was sent is right, wrong, of another length or missing, and whether both, one or none is set.
package struct AdminTokens: Sendable {
    /// No token is longer.
    package static let width = 256

    private let read: PaddedToken
    private let change: PaddedToken

    package init(read: String?, change: String?) {
        self.read = PaddedToken(read.map { Array($0.utf8) }, orElse: -1)
        self.change = PaddedToken(change.map { Array($0.utf8) }, orElse: -1)
    }

    /// Which of the two this is; it may be both.
    package func matches(_ given: [UInt8]?) -> (read: Bool, change: Bool) {
        let given = PaddedToken(given, orElse: -2)
        let differences = (read.difference(from: given), change.difference(from: given))
        return (differences.0 == 0, differences.1 == 0)
    }
}

/// A token at the width that all have, so that each takes the same steps.
private struct PaddedToken: Sendable {
    private let bytes: [UInt8]
    /// Tells one that is too long, or that ends in zeros.
    private let count: Int

    /// - Parameter none: the count of a missing one, which is nobody else's.
    init(_ token: [UInt8]?, orElse none: Int) {
        let given = token ?? []
        bytes = (0..<AdminTokens.width).map { $0 < given.count ? given[$0] : 0 }
        count = token?.count ?? none
    }

    /// 0: they are the same. Never inlined, so that no caller's use of it can cut the loop short.
    @inline(never)
    func difference(from other: PaddedToken) -> Int {
        var difference = count ^ other.count
        for index in 0..<AdminTokens.width {
            difference |= Int(bytes[index] ^ other.bytes[index])
        }
        return difference
    }
}
