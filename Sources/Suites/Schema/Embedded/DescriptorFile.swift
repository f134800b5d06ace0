extension EmbeddedFiles {
    /// `google/protobuf/descriptor.proto`, which custom options extend.
    static let descriptor = FileDescriptor(
        "google/protobuf/descriptor.proto",
        package: "google.protobuf",
        proto2: true,
        messages: descriptors + options + optionParts,
        enums: [
            EnumDescriptor(
                "Edition",
                [
                    "EDITION_UNKNOWN": 0, "EDITION_LEGACY": 900, "EDITION_PROTO2": 998,
                    "EDITION_PROTO3": 999, "EDITION_2023": 1000, "EDITION_2024": 1001,
                    "EDITION_2026": 1002, "EDITION_UNSTABLE": 9999, "EDITION_1_TEST_ONLY": 1,
                    "EDITION_2_TEST_ONLY": 2, "EDITION_99997_TEST_ONLY": 99997,
                    "EDITION_99998_TEST_ONLY": 99998, "EDITION_99999_TEST_ONLY": 99999,
                    "EDITION_MAX": 2147483647,
                ]
            ),
            EnumDescriptor(
                "SymbolVisibility",
                ["VISIBILITY_UNSET": 0, "VISIBILITY_LOCAL": 1, "VISIBILITY_EXPORT": 2]
            ),
        ]
    )

    private static let descriptors = [
        MessageDescriptor(
            "FileDescriptorSet",
            [
                .list("file", 1, .message, "protobuf.FileDescriptorProto")
            ],
            extensions: 536000000
        ),
        MessageDescriptor(
            "FileDescriptorProto",
            [
                .field("name", 1, .string),
                .field("package", 2, .string),
                .list("dependency", 3, .string),
                .list("public_dependency", 10, .int32),
                .list("weak_dependency", 11, .int32),
                .list("option_dependency", 15, .string),
                .list("message_type", 4, .message, "protobuf.DescriptorProto"),
                .list("enum_type", 5, .message, "protobuf.EnumDescriptorProto"),
                .list("service", 6, .message, "protobuf.ServiceDescriptorProto"),
                .list("extension", 7, .message, "protobuf.FieldDescriptorProto"),
                .field("options", 8, .message, "protobuf.FileOptions"),
                .field("source_code_info", 9, .message, "protobuf.SourceCodeInfo"),
                .field("syntax", 12, .string),
                .field("edition", 14, .enum, "protobuf.Edition"),
            ]
        ),
        MessageDescriptor(
            "DescriptorProto",
            [
                .field("name", 1, .string),
                .list("field", 2, .message, "protobuf.FieldDescriptorProto"),
                .list("extension", 6, .message, "protobuf.FieldDescriptorProto"),
                .list("nested_type", 3, .message, "protobuf.DescriptorProto"),
                .list("enum_type", 4, .message, "protobuf.EnumDescriptorProto"),
                .list("extension_range", 5, .message, "protobuf.DescriptorProto.ExtensionRange"),
                .list("oneof_decl", 8, .message, "protobuf.OneofDescriptorProto"),
                .field("options", 7, .message, "protobuf.MessageOptions"),
                .list("reserved_range", 9, .message, "protobuf.DescriptorProto.ReservedRange"),
                .list("reserved_name", 10, .string),
                .field("visibility", 11, .enum, "protobuf.SymbolVisibility"),
            ],
            messages: [
                MessageDescriptor(
                    "ExtensionRange",
                    [
                        .field("start", 1, .int32),
                        .field("end", 2, .int32),
                        .field("options", 3, .message, "protobuf.ExtensionRangeOptions"),
                    ]
                ),
                MessageDescriptor(
                    "ReservedRange",
                    [
                        .field("start", 1, .int32),
                        .field("end", 2, .int32),
                    ]
                ),
            ]
        ),
        MessageDescriptor(
            "FieldDescriptorProto",
            [
                .field("name", 1, .string),
                .field("number", 3, .int32),
                .field("label", 4, .enum, "protobuf.FieldDescriptorProto.Label"),
                .field("type", 5, .enum, "protobuf.FieldDescriptorProto.Type"),
                .field("type_name", 6, .string),
                .field("extendee", 2, .string),
                .field("default_value", 7, .string),
                .field("oneof_index", 9, .int32),
                .field("json_name", 10, .string),
                .field("options", 8, .message, "protobuf.FieldOptions"),
                .field("proto3_optional", 17, .bool),
            ],
            enums: [
                EnumDescriptor(
                    "Type",
                    [
                        "TYPE_DOUBLE": 1, "TYPE_FLOAT": 2, "TYPE_INT64": 3, "TYPE_UINT64": 4,
                        "TYPE_INT32": 5, "TYPE_FIXED64": 6, "TYPE_FIXED32": 7, "TYPE_BOOL": 8,
                        "TYPE_STRING": 9, "TYPE_GROUP": 10, "TYPE_MESSAGE": 11, "TYPE_BYTES": 12,
                        "TYPE_UINT32": 13, "TYPE_ENUM": 14, "TYPE_SFIXED32": 15,
                        "TYPE_SFIXED64": 16, "TYPE_SINT32": 17, "TYPE_SINT64": 18,
                    ]
                ),
                EnumDescriptor(
                    "Label",
                    ["LABEL_OPTIONAL": 1, "LABEL_REPEATED": 3, "LABEL_REQUIRED": 2]
                ),
            ]
        ),
        MessageDescriptor(
            "OneofDescriptorProto",
            [
                .field("name", 1, .string),
                .field("options", 2, .message, "protobuf.OneofOptions"),
            ]
        ),
        MessageDescriptor(
            "EnumDescriptorProto",
            [
                .field("name", 1, .string),
                .list("value", 2, .message, "protobuf.EnumValueDescriptorProto"),
                .field("options", 3, .message, "protobuf.EnumOptions"),
                .list(
                    "reserved_range",
                    4,
                    .message,
                    "protobuf.EnumDescriptorProto.EnumReservedRange"
                ),
                .list("reserved_name", 5, .string),
                .field("visibility", 6, .enum, "protobuf.SymbolVisibility"),
            ],
            messages: [
                MessageDescriptor(
                    "EnumReservedRange",
                    [
                        .field("start", 1, .int32),
                        .field("end", 2, .int32),
                    ]
                )
            ]
        ),
        MessageDescriptor(
            "EnumValueDescriptorProto",
            [
                .field("name", 1, .string),
                .field("number", 2, .int32),
                .field("options", 3, .message, "protobuf.EnumValueOptions"),
            ]
        ),
        MessageDescriptor(
            "ServiceDescriptorProto",
            [
                .field("name", 1, .string),
                .list("method", 2, .message, "protobuf.MethodDescriptorProto"),
                .field("options", 3, .message, "protobuf.ServiceOptions"),
            ]
        ),
        MessageDescriptor(
            "MethodDescriptorProto",
            [
                .field("name", 1, .string),
                .field("input_type", 2, .string),
                .field("output_type", 3, .string),
                .field("options", 4, .message, "protobuf.MethodOptions"),
                .field("client_streaming", 5, .bool, default: "false"),
                .field("server_streaming", 6, .bool, default: "false"),
            ]
        ),
    ]
}
