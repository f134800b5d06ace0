extension EmbeddedFiles {
    /// The files of `google/rpc` by which servers tell errors.
    static let rpc = [
        FileDescriptor(
            "google/rpc/code.proto",
            package: "google.rpc",
            messages: [],
            enums: [
                EnumDescriptor(
                    "Code",
                    [
                        "OK": 0, "CANCELLED": 1, "UNKNOWN": 2, "INVALID_ARGUMENT": 3,
                        "DEADLINE_EXCEEDED": 4, "NOT_FOUND": 5, "ALREADY_EXISTS": 6,
                        "PERMISSION_DENIED": 7, "UNAUTHENTICATED": 16, "RESOURCE_EXHAUSTED": 8,
                        "FAILED_PRECONDITION": 9, "ABORTED": 10, "OUT_OF_RANGE": 11,
                        "UNIMPLEMENTED": 12, "INTERNAL": 13, "UNAVAILABLE": 14, "DATA_LOSS": 15,
                    ]
                )
            ]
        ),
        FileDescriptor(
            "google/rpc/status.proto",
            package: "google.rpc",
            imports: ["google/protobuf/any.proto"],
            messages: [
                MessageDescriptor(
                    "Status",
                    [
                        .field("code", 1, .int32), .field("message", 2, .string),
                        .list("details", 3, .message, "protobuf.Any"),
                    ]
                )
            ]
        ),
        FileDescriptor(
            "google/rpc/error_details.proto",
            package: "google.rpc",
            imports: ["google/protobuf/duration.proto"],
            messages: errorDetails
        ),
    ]

    private static let errorDetails = [
        MessageDescriptor(
            "ErrorInfo",
            [
                .field("reason", 1, .string), .field("domain", 2, .string),
                .list("metadata", 3, .message, "rpc.ErrorInfo.MetadataEntry"),
            ],
            messages: [.entry("MetadataEntry", .field("value", 2, .string))]
        ),
        MessageDescriptor("RetryInfo", [.field("retry_delay", 1, .message, "protobuf.Duration")]),
        MessageDescriptor(
            "DebugInfo",
            [.list("stack_entries", 1, .string), .field("detail", 2, .string)]
        ),
        MessageDescriptor(
            "QuotaFailure",
            [.list("violations", 1, .message, "rpc.QuotaFailure.Violation")],
            messages: [
                MessageDescriptor(
                    "Violation",
                    [
                        .field("subject", 1, .string), .field("description", 2, .string),
                        .field("api_service", 3, .string), .field("quota_metric", 4, .string),
                        .field("quota_id", 5, .string),
                        .list(
                            "quota_dimensions",
                            6,
                            .message,
                            "rpc.QuotaFailure.Violation.QuotaDimensionsEntry"
                        ),
                        .field("quota_value", 7, .int64),
                        .optional("future_quota_value", 8, .int64, oneof: 0),
                    ],
                    oneofs: ["_future_quota_value"],
                    messages: [.entry("QuotaDimensionsEntry", .field("value", 2, .string))]
                )
            ]
        ),
        MessageDescriptor(
            "PreconditionFailure",
            [.list("violations", 1, .message, "rpc.PreconditionFailure.Violation")],
            messages: [
                MessageDescriptor(
                    "Violation",
                    [
                        .field("type", 1, .string), .field("subject", 2, .string),
                        .field("description", 3, .string),
                    ]
                )
            ]
        ),
        MessageDescriptor(
            "BadRequest",
            [.list("field_violations", 1, .message, "rpc.BadRequest.FieldViolation")],
            messages: [
                MessageDescriptor(
                    "FieldViolation",
                    [
                        .field("field", 1, .string), .field("description", 2, .string),
                        .field("reason", 3, .string),
                        .field("localized_message", 4, .message, "rpc.LocalizedMessage"),
                    ]
                )
            ]
        ),
        MessageDescriptor(
            "RequestInfo",
            [.field("request_id", 1, .string), .field("serving_data", 2, .string)]
        ),
        MessageDescriptor(
            "ResourceInfo",
            [
                .field("resource_type", 1, .string), .field("resource_name", 2, .string),
                .field("owner", 3, .string), .field("description", 4, .string),
            ]
        ),
        MessageDescriptor(
            "Help",
            [.list("links", 1, .message, "rpc.Help.Link")],
            messages: [
                MessageDescriptor(
                    "Link",
                    [.field("description", 1, .string), .field("url", 2, .string)]
                )
            ]
        ),
        MessageDescriptor(
            "LocalizedMessage",
            [.field("locale", 1, .string), .field("message", 2, .string)]
        ),
    ]
}

extension FieldDescriptor {
    /// A proto3 `optional`, with the oneof that is behind it.
    fileprivate static func optional(
        _ name: String,
        _ number: Int32,
        _ kind: Kind,
        oneof: Int32
    ) -> FieldDescriptor {
        var field = field(name, number, kind, oneof: oneof)
        field.isProto3Optional = true
        return field
    }
}
