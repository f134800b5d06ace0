/// A place in a message, with the type of what may stand there.
package enum Slot: Sendable {
    case message(MessageType)
    /// All of a field: of a repeated one the list, of a map the map.
    case field(FieldType)
    /// One item of a list, or one value of a map.
    case item(FieldType)

    /// Of the field, when this is not all of a message.
    package var fieldType: FieldType? {
        switch self {
        case .message: nil
        case .field(let field), .item(let field): field
        }
    }
}
