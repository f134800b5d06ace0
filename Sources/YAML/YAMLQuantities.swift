extension YAMLValue where Value == Duration {
    /// `800ms`, `1s`, `1m30s`. Words such as `auto` are the caller's, by `or`.
    package static func duration(
        _ range: ClosedRange<Duration> = .zero...Quantity.longest
    ) -> YAMLValue {
        YAMLValue<String>.quantity("a duration such as 800ms, 5s or 1m30s")
            .map { text throws(YAMLMismatch) in
                let value = try Quantity.duration(text)
                guard range.contains(value) else {
                    let least = Quantity.words(range.lowerBound)
                    let most = Quantity.words(range.upperBound)
                    throw YAMLMismatch("\(text) is not within \(least) to \(most)")
                }
                return value
            }
    }
}

extension YAMLValue where Value == Int {
    /// `2GiB`, `512KiB`, `1GB`, `100B`.
    package static func byteSize(_ range: ClosedRange<Int> = 0...Int.max) -> YAMLValue {
        YAMLValue<String>.quantity("a size such as 512KiB or 2GiB")
            .map { text throws(YAMLMismatch) in
                let value = try Quantity.byteSize(text)
                guard range.contains(value) else {
                    let most = range.upperBound == .max ? "" : " to \(range.upperBound)"
                    throw YAMLMismatch("\(text) is not within \(range.lowerBound)\(most) bytes")
                }
                return value
            }
    }
}

extension YAMLValue where Value == Double {
    /// `10%` as 0.1.
    package static func percent(_ range: ClosedRange<Double> = 0...1) -> YAMLValue {
        YAMLValue<String>.quantity("a percentage such as 10%")
            .map { text throws(YAMLMismatch) in
                let value = try Quantity.percent(text)
                guard range.contains(value) else {
                    let least = Int(range.lowerBound * 100)
                    let most = Int(range.upperBound * 100)
                    throw YAMLMismatch("\(text) is not within \(least)% to \(most)%")
                }
                return value
            }
    }
}

extension YAMLValue where Value == String {
    /// A scalar that may look like a number, so that one without a unit gets a message of its own.
    fileprivate static func quantity(_ expected: String) -> YAMLValue {
        .scalar(expected) { resolved, scalar in
            switch resolved {
            case .text, .int, .float: scalar.text
            case .null, .bool: nil
            }
        }
    }
}
