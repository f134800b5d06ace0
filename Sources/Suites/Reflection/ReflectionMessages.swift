import GRPC

/// What is asked of a server's reflection (`ServerReflectionRequest`; v1 and v1alpha write it alike).
enum ReflectionQuery {
    case listServices
    /// The file that declares a service, method, message or enum of this full name.
    case fileContaining(String)
    case fileNamed(String)

    var encoded: [UInt8] {
        switch self {
        case .fileNamed(let name): ProtoFields.field(3, name.utf8)
        case .fileContaining(let symbol): ProtoFields.field(4, symbol.utf8)
        case .listServices: ProtoFields.field(7, "*".utf8)
        }
    }
}

/// `ServerReflectionResponse`.
enum ReflectionAnswer {
    /// The file that was asked for, and maybe others that it imports.
    case files([[UInt8]])
    case services([String])
    case error(GRPCStatus)
    /// None of those that are asked for.
    case other

    init(_ message: [UInt8]) throws(GRPCStatus) {
        self = .other
        for case (let number, .bytes(let bytes)) in try ProtoFields.read(message) {
            switch number {
            case 4: self = .files(try Self.each(1, of: Array(bytes)))
            case 6:
                var names: [String] = []
                for service in try Self.each(1, of: Array(bytes)) {
                    names += try Self.each(1, of: service).map(Self.text)
                }
                self = .services(names)
            case 7: self = .error(try Self.error(Array(bytes)))
            default: continue
            }
        }
    }

    /// Every value of a field of bytes, text or a message.
    static func each(_ wanted: UInt64, of message: [UInt8]) throws(GRPCStatus) -> [[UInt8]] {
        var values: [[UInt8]] = []
        for case (wanted, .bytes(let bytes)) in try ProtoFields.read(message) {
            values.append(Array(bytes))
        }
        return values
    }

    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func error(_ message: [UInt8]) throws(GRPCStatus) -> GRPCStatus {
        var code = GRPCStatus.Code.unknown
        var words = ""
        for (number, value) in try ProtoFields.read(message) {
            switch (number, value) {
            case (1, .number(let value)): code = GRPCStatus.Code(rawValue: Int(clamping: value))
            case (2, .bytes(let bytes)): words = text(Array(bytes))
            default: continue
            }
        }
        return GRPCStatus(code, words)
    }
}
