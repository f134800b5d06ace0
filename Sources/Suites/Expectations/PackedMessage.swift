/// What is in a `google.protobuf.Any`, where its type is known and its bytes are of it.
struct PackedMessage {
    let url: String
    let message: DynamicMessage

    init?(_ any: DynamicMessage) {
        guard NaturalForm(any.type) == .any, let urlField = any.type.field(1),
            let valueField = any.type.field(2), case .string(let url) = any.value(of: urlField),
            case .bytes(let bytes) = any.value(of: valueField),
            let type = any.schema.message(named: String(url.split(separator: "/").last ?? "")),
            let message = try? DynamicMessage(type, in: any.schema, decoding: bytes)
        else { return nil }
        self.url = url
        self.message = message
    }
}
