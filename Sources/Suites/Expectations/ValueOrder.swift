/// Which of two values is more.
enum ValueOrder {
    /// Less than 0, 0 or more than 0; nil of what has no order, NaN too.
    static func of(_ left: DynamicValue, _ right: DynamicValue) -> Int? {
        switch (left, right) {
        case (.int(let left), .int(let right)): order(left, right)
        case (.uint(let left), .uint(let right)): order(left, right)
        case (.float(let left), .float(let right)):
            left.isNaN || right.isNaN ? nil : order(left, right)
        case (.double(let left), .double(let right)):
            left.isNaN || right.isNaN ? nil : order(left, right)
        case (.string(let left), .string(let right)): order(left, right)
        case (.message(let left), .message(let right)):
            time(left).flatMap { left in time(right).map { order(left, $0) } }
        default: nil
        }
    }

    private static func order<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
        left < right ? -1 : left > right ? 1 : 0
    }

    private struct Time: Comparable {
        let seconds: Int64
        let nanos: Int64

        static func < (left: Time, right: Time) -> Bool {
            (left.seconds, left.nanos) < (right.seconds, right.nanos)
        }
    }

    private static func time(_ message: DynamicMessage) -> Time? {
        guard let form = NaturalForm(message.type), form == .timestamp || form == .duration,
            let first = message.type.field(1), let second = message.type.field(2),
            case .int(let seconds) = message.value(of: first),
            case .int(let nanos) = message.value(of: second)
        else { return nil }
        return Time(seconds: seconds, nanos: nanos)
    }
}
