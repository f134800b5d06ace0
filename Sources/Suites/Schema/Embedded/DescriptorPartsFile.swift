extension EmbeddedFiles {
    /// What options are made of, and what compilers add to descriptors.
    static let optionParts = [
        MessageDescriptor(
            "UninterpretedOption",
            [
                .list("name", 2, .message, "protobuf.UninterpretedOption.NamePart"),
                .field("identifier_value", 3, .string),
                .field("positive_int_value", 4, .uint64),
                .field("negative_int_value", 5, .int64),
                .field("double_value", 6, .double),
                .field("string_value", 7, .bytes),
                .field("aggregate_value", 8, .string),
            ],
            messages: [
                MessageDescriptor(
                    "NamePart",
                    [
                        .field("name_part", 1, .string, label: .required),
                        .field("is_extension", 2, .bool, label: .required),
                    ]
                )
            ]
        ),
        MessageDescriptor(
            "FeatureSet",
            [
                .field("field_presence", 1, .enum, "protobuf.FeatureSet.FieldPresence"),
                .field("enum_type", 2, .enum, "protobuf.FeatureSet.EnumType"),
                .field(
                    "repeated_field_encoding",
                    3,
                    .enum,
                    "protobuf.FeatureSet.RepeatedFieldEncoding"
                ),
                .field("utf8_validation", 4, .enum, "protobuf.FeatureSet.Utf8Validation"),
                .field("message_encoding", 5, .enum, "protobuf.FeatureSet.MessageEncoding"),
                .field("json_format", 6, .enum, "protobuf.FeatureSet.JsonFormat"),
                .field("enforce_naming_style", 7, .enum, "protobuf.FeatureSet.EnforceNamingStyle"),
                .field(
                    "default_symbol_visibility",
                    8,
                    .enum,
                    "protobuf.FeatureSet.VisibilityFeature.DefaultSymbolVisibility"
                ),
                .field(
                    "enforce_proto_limits",
                    9,
                    .enum,
                    "protobuf.FeatureSet.ProtoLimitsFeature.EnforceProtoLimits"
                ),
            ],
            messages: [
                MessageDescriptor(
                    "VisibilityFeature",
                    [],
                    enums: [
                        EnumDescriptor(
                            "DefaultSymbolVisibility",
                            [
                                "DEFAULT_SYMBOL_VISIBILITY_UNKNOWN": 0, "EXPORT_ALL": 1,
                                "EXPORT_TOP_LEVEL": 2, "LOCAL_ALL": 3, "STRICT": 4,
                            ]
                        )
                    ]
                ),
                MessageDescriptor(
                    "ProtoLimitsFeature",
                    [],
                    enums: [
                        EnumDescriptor(
                            "EnforceProtoLimits",
                            [
                                "PROTO_LIMITS_UNKNOWN": 0, "LEGACY_NO_EXPLICIT_LIMITS": 1,
                                "PROTO_LIMITS2026": 2,
                            ]
                        )
                    ]
                ),
            ],
            enums: [
                EnumDescriptor(
                    "FieldPresence",
                    [
                        "FIELD_PRESENCE_UNKNOWN": 0, "EXPLICIT": 1, "IMPLICIT": 2,
                        "LEGACY_REQUIRED": 3,
                    ]
                ),
                EnumDescriptor("EnumType", ["ENUM_TYPE_UNKNOWN": 0, "OPEN": 1, "CLOSED": 2]),
                EnumDescriptor(
                    "RepeatedFieldEncoding",
                    ["REPEATED_FIELD_ENCODING_UNKNOWN": 0, "PACKED": 1, "EXPANDED": 2]
                ),
                EnumDescriptor(
                    "Utf8Validation",
                    ["UTF8_VALIDATION_UNKNOWN": 0, "VERIFY": 2, "NONE": 3]
                ),
                EnumDescriptor(
                    "MessageEncoding",
                    ["MESSAGE_ENCODING_UNKNOWN": 0, "LENGTH_PREFIXED": 1, "DELIMITED": 2]
                ),
                EnumDescriptor(
                    "JsonFormat",
                    ["JSON_FORMAT_UNKNOWN": 0, "ALLOW": 1, "LEGACY_BEST_EFFORT": 2]
                ),
                EnumDescriptor(
                    "EnforceNamingStyle",
                    [
                        "ENFORCE_NAMING_STYLE_UNKNOWN": 0, "STYLE2024": 1, "STYLE_LEGACY": 2,
                        "STYLE2026": 3,
                    ]
                ),
            ],
            extensions: 1000
        ),
        MessageDescriptor(
            "FeatureSetDefaults",
            [
                .list(
                    "defaults",
                    1,
                    .message,
                    "protobuf.FeatureSetDefaults.FeatureSetEditionDefault"
                ),
                .field("minimum_edition", 4, .enum, "protobuf.Edition"),
                .field("maximum_edition", 5, .enum, "protobuf.Edition"),
            ],
            messages: [
                MessageDescriptor(
                    "FeatureSetEditionDefault",
                    [
                        .field("edition", 3, .enum, "protobuf.Edition"),
                        .field("overridable_features", 4, .message, "protobuf.FeatureSet"),
                        .field("fixed_features", 5, .message, "protobuf.FeatureSet"),
                    ]
                )
            ]
        ),
        MessageDescriptor(
            "SourceCodeInfo",
            [
                .list("location", 1, .message, "protobuf.SourceCodeInfo.Location")
            ],
            messages: [
                MessageDescriptor(
                    "Location",
                    [
                        .list("path", 1, .int32),
                        .list("span", 2, .int32),
                        .field("leading_comments", 3, .string),
                        .field("trailing_comments", 4, .string),
                        .list("leading_detached_comments", 6, .string),
                    ]
                )
            ],
            extensions: 536000000
        ),
        MessageDescriptor(
            "GeneratedCodeInfo",
            [
                .list("annotation", 1, .message, "protobuf.GeneratedCodeInfo.Annotation")
            ],
            messages: [
                MessageDescriptor(
                    "Annotation",
                    [
                        .list("path", 1, .int32),
                        .field("source_file", 2, .string),
                        .field("begin", 3, .int32),
                        .field("end", 4, .int32),
                        .field(
                            "semantic",
                            5,
                            .enum,
                            "protobuf.GeneratedCodeInfo.Annotation.Semantic"
                        ),
                    ],
                    enums: [
                        EnumDescriptor("Semantic", ["NONE": 0, "SET": 1, "ALIAS": 2])
                    ]
                )
            ]
        ),
    ]
}
