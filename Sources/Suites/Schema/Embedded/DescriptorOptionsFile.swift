extension EmbeddedFiles {
    /// The options of each kind of descriptor.
    static let options = [
        MessageDescriptor(
            "ExtensionRangeOptions",
            [
                .list("uninterpreted_option", 999, .message, "protobuf.UninterpretedOption"),
                .list("declaration", 2, .message, "protobuf.ExtensionRangeOptions.Declaration"),
                .field("features", 50, .message, "protobuf.FeatureSet"),
                .field(
                    "verification",
                    3,
                    .enum,
                    "protobuf.ExtensionRangeOptions.VerificationState",
                    default: "UNVERIFIED"
                ),
            ],
            messages: [
                MessageDescriptor(
                    "Declaration",
                    [
                        .field("number", 1, .int32),
                        .field("full_name", 2, .string),
                        .field("type", 3, .string),
                        .field("reserved", 5, .bool),
                        .field("repeated", 6, .bool),
                    ]
                )
            ],
            enums: [
                EnumDescriptor("VerificationState", ["DECLARATION": 0, "UNVERIFIED": 1])
            ],
            extensions: 990
        ),
        MessageDescriptor(
            "FileOptions",
            [
                .field("java_package", 1, .string),
                .field("java_outer_classname", 8, .string),
                .field("java_multiple_files", 10, .bool, default: "false"),
                .field("java_generate_equals_and_hash", 20, .bool),
                .field("java_string_check_utf8", 27, .bool, default: "false"),
                .field(
                    "optimize_for",
                    9,
                    .enum,
                    "protobuf.FileOptions.OptimizeMode",
                    default: "SPEED"
                ),
                .field("go_package", 11, .string),
                .field("cc_generic_services", 16, .bool, default: "false"),
                .field("java_generic_services", 17, .bool, default: "false"),
                .field("py_generic_services", 18, .bool, default: "false"),
                .field("deprecated", 23, .bool, default: "false"),
                .field("cc_enable_arenas", 31, .bool, default: "true"),
                .field("objc_class_prefix", 36, .string),
                .field("csharp_namespace", 37, .string),
                .field("swift_prefix", 39, .string),
                .field("php_class_prefix", 40, .string),
                .field("php_namespace", 41, .string),
                .field("php_metadata_namespace", 44, .string),
                .field("ruby_package", 45, .string),
                .field("features", 50, .message, "protobuf.FeatureSet"),
                .list("uninterpreted_option", 999, .message, "protobuf.UninterpretedOption"),
            ],
            enums: [
                EnumDescriptor("OptimizeMode", ["SPEED": 1, "CODE_SIZE": 2, "LITE_RUNTIME": 3])
            ],
            extensions: 990
        ),
        MessageDescriptor(
            "MessageOptions",
            [
                .field("message_set_wire_format", 1, .bool, default: "false"),
                .field("no_standard_descriptor_accessor", 2, .bool, default: "false"),
                .field("deprecated", 3, .bool, default: "false"),
                .field("map_entry", 7, .bool),
                .field("deprecated_legacy_json_field_conflicts", 11, .bool),
                .field("features", 12, .message, "protobuf.FeatureSet"),
                .list("uninterpreted_option", 999, .message, "protobuf.UninterpretedOption"),
            ],
            extensions: 990
        ),
        MessageDescriptor(
            "FieldOptions",
            [
                .field("ctype", 1, .enum, "protobuf.FieldOptions.CType", default: "STRING"),
                .field("packed", 2, .bool),
                .field("jstype", 6, .enum, "protobuf.FieldOptions.JSType", default: "JS_NORMAL"),
                .field("lazy", 5, .bool, default: "false"),
                .field("unverified_lazy", 15, .bool, default: "false"),
                .field("deprecated", 3, .bool, default: "false"),
                .field("weak", 10, .bool, default: "false"),
                .field("debug_redact", 16, .bool, default: "false"),
                .field("retention", 17, .enum, "protobuf.FieldOptions.OptionRetention"),
                .list("targets", 19, .enum, "protobuf.FieldOptions.OptionTargetType"),
                .list("edition_defaults", 20, .message, "protobuf.FieldOptions.EditionDefault"),
                .field("features", 21, .message, "protobuf.FeatureSet"),
                .field("feature_support", 22, .message, "protobuf.FieldOptions.FeatureSupport"),
                .list("uninterpreted_option", 999, .message, "protobuf.UninterpretedOption"),
            ],
            messages: [
                MessageDescriptor(
                    "EditionDefault",
                    [
                        .field("edition", 3, .enum, "protobuf.Edition"),
                        .field("value", 2, .string),
                    ]
                ),
                MessageDescriptor(
                    "FeatureSupport",
                    [
                        .field("edition_introduced", 1, .enum, "protobuf.Edition"),
                        .field("edition_deprecated", 2, .enum, "protobuf.Edition"),
                        .field("deprecation_warning", 3, .string),
                        .field("edition_removed", 4, .enum, "protobuf.Edition"),
                        .field("removal_error", 5, .string),
                    ]
                ),
            ],
            enums: [
                EnumDescriptor("CType", ["STRING": 0, "CORD": 1, "STRING_PIECE": 2]),
                EnumDescriptor("JSType", ["JS_NORMAL": 0, "JS_STRING": 1, "JS_NUMBER": 2]),
                EnumDescriptor(
                    "OptionRetention",
                    ["RETENTION_UNKNOWN": 0, "RETENTION_RUNTIME": 1, "RETENTION_SOURCE": 2]
                ),
                EnumDescriptor(
                    "OptionTargetType",
                    [
                        "TARGET_TYPE_UNKNOWN": 0, "TARGET_TYPE_FILE": 1,
                        "TARGET_TYPE_EXTENSION_RANGE": 2, "TARGET_TYPE_MESSAGE": 3,
                        "TARGET_TYPE_FIELD": 4, "TARGET_TYPE_ONEOF": 5, "TARGET_TYPE_ENUM": 6,
                        "TARGET_TYPE_ENUM_ENTRY": 7, "TARGET_TYPE_SERVICE": 8,
                        "TARGET_TYPE_METHOD": 9,
                    ]
                ),
            ],
            extensions: 990
        ),
        MessageDescriptor(
            "OneofOptions",
            [
                .field("features", 1, .message, "protobuf.FeatureSet"),
                .list("uninterpreted_option", 999, .message, "protobuf.UninterpretedOption"),
            ],
            extensions: 990
        ),
        MessageDescriptor(
            "EnumOptions",
            [
                .field("allow_alias", 2, .bool),
                .field("deprecated", 3, .bool, default: "false"),
                .field("deprecated_legacy_json_field_conflicts", 6, .bool),
                .field("features", 7, .message, "protobuf.FeatureSet"),
                .list("uninterpreted_option", 999, .message, "protobuf.UninterpretedOption"),
            ],
            extensions: 990
        ),
        MessageDescriptor(
            "EnumValueOptions",
            [
                .field("deprecated", 1, .bool, default: "false"),
                .field("features", 2, .message, "protobuf.FeatureSet"),
                .field("debug_redact", 3, .bool, default: "false"),
                .field("feature_support", 4, .message, "protobuf.FieldOptions.FeatureSupport"),
                .list("uninterpreted_option", 999, .message, "protobuf.UninterpretedOption"),
            ],
            extensions: 990
        ),
        MessageDescriptor(
            "ServiceOptions",
            [
                .field("features", 34, .message, "protobuf.FeatureSet"),
                .field("deprecated", 33, .bool, default: "false"),
                .list("uninterpreted_option", 999, .message, "protobuf.UninterpretedOption"),
            ],
            extensions: 990
        ),
        MessageDescriptor(
            "MethodOptions",
            [
                .field("deprecated", 33, .bool, default: "false"),
                .field(
                    "idempotency_level",
                    34,
                    .enum,
                    "protobuf.MethodOptions.IdempotencyLevel",
                    default: "IDEMPOTENCY_UNKNOWN"
                ),
                .field("features", 35, .message, "protobuf.FeatureSet"),
                .list("uninterpreted_option", 999, .message, "protobuf.UninterpretedOption"),
            ],
            enums: [
                EnumDescriptor(
                    "IdempotencyLevel",
                    ["IDEMPOTENCY_UNKNOWN": 0, "NO_SIDE_EFFECTS": 1, "IDEMPOTENT": 2]
                )
            ],
            extensions: 990
        ),
    ]
}
