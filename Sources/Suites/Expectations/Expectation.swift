package import YAML

/// What an answer must be at one place; what is not written is not tested.
package indirect enum Expectation: Sendable {
    /// Whatever it is, and whether it is there or not.
    case any
    /// Set: of a field that cannot tell, not zero.
    case present
    case absent
    case value(DynamicValue)
    case message(MessageType, [ExpectedField])
    /// A `google.protobuf.Any` that holds a message of this type.
    case packed(typeName: String, Expected)
    case list([Expected])
    case unordered([Expected])
    /// Of a map the keys that are written.
    case map([ExpectedEntry])
    case containsText(DynamicValue)
    /// A list with an item that is like this; a map with these entries.
    case containsItem(Expected)
    case regex(String)
    case compare(Comparison, DynamicValue)
    case length(ClosedRange<Int>)
    case not(Expected)
    case all([Expected])
    case either([Expected])

    package enum Comparison: String, Sendable, CaseIterable {
        case gt, ge, lt, le

        func holds(_ order: Int) -> Bool {
            switch self {
            case .gt: order > 0
            case .ge: order >= 0
            case .lt: order < 0
            case .le: order <= 0
            }
        }
    }
}

/// An expectation with its type and the line that says it.
package struct Expected: Sendable {
    package let expectation: Expectation
    package let slot: Slot
    package let place: YAMLPlace
}

package struct ExpectedField: Sendable {
    package let field: FieldType
    package let expected: Expected
}

package struct ExpectedEntry: Sendable {
    package let key: DynamicValue
    package let expected: Expected
}
