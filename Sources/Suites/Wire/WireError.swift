/// Why bytes are no message of their type.
package struct WireError: Error, Hashable, Sendable, CustomStringConvertible {
    package let fault: String
    /// Where in the bytes of the whole message.
    package let offset: Int
    /// The fields that lead there: `orders[3].item.name`; empty at the top.
    package private(set) var path = ""

    init(_ fault: String, at offset: Int) { (self.fault, self.offset) = (fault, offset) }

    package var description: String {
        path.isEmpty ? "byte \(offset): \(fault)" : "\(path), byte \(offset): \(fault)"
    }

    /// The same fault, seen from the message around.
    func inside(_ step: String) -> WireError {
        var error = self
        error.path = path.isEmpty ? step : "\(step).\(path)"
        return error
    }
}
