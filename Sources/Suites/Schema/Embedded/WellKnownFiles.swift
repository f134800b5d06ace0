extension EmbeddedFiles {
    /// The files of `google/protobuf` that have a natural form in JSON, and so in YAML.
    static let wellKnown = [
        wellKnown(
            "any",
            [
                MessageDescriptor(
                    "Any",
                    [.field("type_url", 1, .string), .field("value", 2, .bytes)]
                )
            ]
        ),
        wellKnown(
            "duration",
            [
                MessageDescriptor(
                    "Duration",
                    [.field("seconds", 1, .int64), .field("nanos", 2, .int32)]
                )
            ]
        ),
        wellKnown(
            "timestamp",
            [
                MessageDescriptor(
                    "Timestamp",
                    [.field("seconds", 1, .int64), .field("nanos", 2, .int32)]
                )
            ]
        ),
        wellKnown("empty", [MessageDescriptor("Empty")]),
        wellKnown("field_mask", [MessageDescriptor("FieldMask", [.list("paths", 1, .string)])]),
        wellKnown(
            "struct",
            [
                MessageDescriptor(
                    "Struct",
                    [.list("fields", 1, .message, "protobuf.Struct.FieldsEntry")],
                    messages: [
                        .entry("FieldsEntry", .field("value", 2, .message, "protobuf.Value"))
                    ]
                ),
                MessageDescriptor(
                    "Value",
                    [
                        .field("null_value", 1, .enum, "protobuf.NullValue", oneof: 0),
                        .field("number_value", 2, .double, oneof: 0),
                        .field("string_value", 3, .string, oneof: 0),
                        .field("bool_value", 4, .bool, oneof: 0),
                        .field("struct_value", 5, .message, "protobuf.Struct", oneof: 0),
                        .field("list_value", 6, .message, "protobuf.ListValue", oneof: 0),
                    ],
                    oneofs: ["kind"]
                ),
                MessageDescriptor("ListValue", [.list("values", 1, .message, "protobuf.Value")]),
            ],
            [EnumDescriptor("NullValue", ["NULL_VALUE": 0])]
        ),
        wellKnown(
            "wrappers",
            [
                wrapper("DoubleValue", .double), wrapper("FloatValue", .float),
                wrapper("Int64Value", .int64), wrapper("UInt64Value", .uint64),
                wrapper("Int32Value", .int32), wrapper("UInt32Value", .uint32),
                wrapper("BoolValue", .bool), wrapper("StringValue", .string),
                wrapper("BytesValue", .bytes),
            ]
        ),
    ]

    private static func wellKnown(
        _ name: String,
        _ messages: [MessageDescriptor],
        _ enums: [EnumDescriptor] = []
    ) -> FileDescriptor {
        FileDescriptor(
            "google/protobuf/\(name).proto",
            package: "google.protobuf",
            messages: messages,
            enums: enums
        )
    }

    private static func wrapper(_ name: String, _ kind: FieldDescriptor.Kind) -> MessageDescriptor {
        MessageDescriptor(name, [.field("value", 1, kind)])
    }
}
