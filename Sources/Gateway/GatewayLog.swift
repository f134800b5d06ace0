import Glibc

/// Lines on stderr, one an event, as JSON or logfmt.
package struct GatewayLog: Sendable {
    package var format: GatewayConfiguration.LogFormat
    /// Where lines go; tests and the command put something else here.
    private let write: @Sendable (String) -> Void

    package init(
        _ format: GatewayConfiguration.LogFormat,
        write: @escaping @Sendable (String) -> Void = GatewayLog.toStandardError
    ) {
        self.format = format
        self.write = write
    }

    package func callAsFunction(_ event: String, _ fields: KeyValuePairs<String, JSON> = [:]) {
        guard case .object(let members) = JSON.members(fields) else { return }
        line(event, members, at: .now)
    }

    package func callAsFunction(_ event: EventHistory.Event) {
        line(event.kind, event.fields, at: event.at)
    }

    private func line(_ event: String, _ fields: [JSON.Member], at time: WallTime) {
        let head = [
            JSON.Member(name: "time", value: .string(time.description)),
            JSON.Member(name: "event", value: .string(event)),
        ]
        let members = head + fields
        switch format {
        case .json: write(JSON.object(members).description)
        case .logfmt: write(members.map { "\($0.name)=\(logfmt($0.value))" }.joined(separator: " "))
        }
    }

    /// A bare word where it is one, else quoted as JSON does.
    private func logfmt(_ value: JSON) -> String {
        guard case .string(let text) = value else { return value.description }
        let isWord = text.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7f && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "=")
        }
        return isWord && !text.isEmpty ? text : value.description
    }

    /// One write a line, so that lines of several processes do not mix.
    package static let toStandardError: @Sendable (String) -> Void = { line in
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
