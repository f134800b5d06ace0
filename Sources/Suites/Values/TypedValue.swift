package import YAML

/// A YAML node in the light of the type at its place: the ground of requests, and of expectations,
/// which test only what is written.
package struct TypedValue: Sendable {
    package indirect enum Content: Sendable {
        /// `null`: the field as if it were not written.
        case absent
        /// A scalar; a message too, where it was written as text (`1.5s`).
        case value(DynamicValue)
        /// The fields that are written, in the order of the document.
        case message(MessageType, [TypedField])
        /// A `google.protobuf.Any` and what is in it.
        case packed(url: String, TypedValue)
        case list([TypedValue])
        case map([TypedEntry])
        /// A tag that the checker was told of; its node is for whoever knows the tag to read.
        case tagged(String, YAMLNode)
    }

    package let content: Content
    package let slot: Slot
    package let place: YAMLPlace
}

package struct TypedField: Sendable {
    package let field: FieldType
    package let value: TypedValue
}

package struct TypedEntry: Sendable {
    package let key: DynamicValue
    package let value: TypedValue
}

extension TypedValue {
    /// The value that this says; nil of what is absent, and of tags.
    package func dynamicValue(in schema: Schema) -> DynamicValue? {
        switch content {
        case .absent, .tagged: return nil
        case .value(let value): return value
        case .message(let type, let fields):
            var message = DynamicMessage(type, in: schema)
            for field in fields {
                guard let value = field.value.dynamicValue(in: schema) else { continue }
                message[field.field] = value
            }
            return .message(message)
        case .packed(let url, let inner):
            guard case .message(let payload)? = inner.dynamicValue(in: schema),
                let any = schema.message(named: "google.protobuf.Any"),
                let typeURL = any.field(1), let value = any.field(2)
            else { return nil }
            var message = DynamicMessage(any, in: schema)
            message[typeURL] = .string(url)
            message[value] = .bytes(payload.encoded())
            return .message(message)
        case .list(let items):
            return .list(items.compactMap { $0.dynamicValue(in: schema) })
        case .map(let entries):
            let pairs = entries.compactMap { entry in
                entry.value.dynamicValue(in: schema).map { (entry.key, $0) }
            }
            return .map(Dictionary(pairs) { _, last in last })
        }
    }
}
