import GRPC
package import HTTP

/// What goes with a call before its first message, checked to be what HTTP/2 carries unaltered.
package struct CallMetadata: Hashable, Sendable {
    /// Why an entry cannot be sent.
    package struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    package private(set) var headers = HTTPHeaders()
    private var size = 0

    package init() {}

    /// Adds an entry of text, behind those of the same name.
    package mutating func add(_ name: String, _ text: String) throws(Fault) {
        guard !name.hasSuffix("-bin") else {
            throw Fault(description: "metadata \(name): a name that ends in -bin takes bytes")
        }
        guard text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            throw Fault(
                description: "metadata \(name): only printable ASCII can be sent;"
                    + " give it as bytes under the name \(name)-bin"
            )
        }
        guard text.utf8.first != 0x20, text.utf8.last != 0x20 else {
            throw Fault(description: "metadata \(name): a space at its end would be lost")
        }
        try append(name, text)
    }

    /// Adds an entry of bytes, which travels in base64.
    package mutating func add(_ name: String, bytes: [UInt8]) throws(Fault) {
        guard name.hasSuffix("-bin") else {
            throw Fault(description: "metadata \(name): bytes need a name that ends in -bin")
        }
        try append(name, Base64.encode(bytes))
    }

    private mutating func append(_ name: String, _ value: String) throws(Fault) {
        guard !name.isEmpty, name.utf8.allSatisfy(isNameByte) else {
            throw Fault(
                description: "metadata \"\(name)\": a name is made of a-z, 0-9, \"_\", \"-\", \".\""
            )
        }
        guard !ownNames.contains(name) else {
            throw Fault(description: "metadata \(name): the call sets it itself")
        }
        size += name.utf8.count + value.utf8.count + 32
        guard size <= 32 << 10 else {
            throw Fault(description: "metadata \(name): all of it is larger than 32 KiB")
        }
        headers.add(name, value)
    }
}

private func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
        true
    default: false
    }
}

/// What the call sets, and what HTTP/2 forbids (RFC 9113 section 8.2.2).
private let ownNames: Set = [
    "te", "content-type", "grpc-timeout", "grpc-encoding", "grpc-accept-encoding", "grpc-status",
    "grpc-message", "host", "connection", "keep-alive", "proxy-connection", "transfer-encoding",
    "upgrade", "content-length",
]

extension HTTPHeaders {
    /// The values of a metadata entry of bytes, one by one; nil where one is not base64.
    package func bytes(_ name: String) -> [[UInt8]]? {
        var found: [[UInt8]] = []
        for joined in values(name) {
            // Whatever is on the way may have joined two into one.
            for value in joined.split(separator: ",", omittingEmptySubsequences: false) {
                guard let bytes = Base64.decode(value.drop { $0 == " " }) else { return nil }
                found.append(bytes)
            }
        }
        return found
    }
}
