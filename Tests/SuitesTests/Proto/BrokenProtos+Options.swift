extension BrokenProtos {
    static let options: [BrokenProto] = [
        .init(
            three: "option java_multiple_files = 1;",
            "1:49: java_multiple_files must be true or false"
        ),
        .init(
            three: "option optimize_for = FAST;",
            "1:42: google.protobuf.FileOptions.OptimizeMode has no value FAST"
        ),
        .init(
            three: #"option optimize_for = "SPEED";"#,
            "1:42: optimize_for must be the name of a value"
        ),
        .init(
            three: "option java_package.x = 1;",
            "1:27: java_package is no message, so nothing is in it"
        ),
        .init(
            three: #"option java_package = "a"; option java_package = "b";"#,
            "1:54: java_package is set already"
        ),
        .init(
            three: "option (foo) = 1;",
            "1:27: option (foo) is not defined"
        ),
        .init(
            three:
                #"import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { int32 fooo = 50000; } option (foo) = 1;"#,
            "1:129: option (foo) is not defined; did you mean fooo?"
        ),
        .init(
            three:
                #"import "google/protobuf/descriptor.proto"; extend google.protobuf.FieldOptions { int32 foo = 50000; } option (foo) = 1;"#,
            "1:129: foo is no extension of google.protobuf.FileOptions"
        ),
        .init(
            option: "int32",
            #"option (foo) = 2147483648;"#,
            "1:136: (foo) must be in the range of int32"
        ),
        .init(
            option: "uint32",
            #"option (foo) = -1;"#,
            "1:137: (foo) must be in the range of uint32"
        ),
        .init(
            option: "int32",
            #"option (foo) = 1.5;"#,
            "1:136: (foo) must be an integer"
        ),
        .init(
            option: "M",
            #"message M { int32 a = 1; } option (foo) = 1;"#,
            "1:159: (foo) must be a message in braces"
        ),
        .init(
            option: "M",
            #"message M { int32 abc = 1; } option (foo) = { abd: 1 };"#,
            "1:163: M has no abd; did you mean abc?"
        ),
        .init(
            option: "M",
            #"message M { int32 abc = 1; } option (foo) = { abc: 1 abc: 2 };"#,
            "1:170: abc is set already"
        ),
        .init(
            option: "M",
            #"message M { int32 abc = 1; } option (foo) = { abc: "1" };"#,
            "1:168: expected an integer, found a string"
        ),
        .init(
            option: "M",
            #"message M { oneof o { int32 a = 1; int32 b = 2; } } option (foo) = { a: 1 b: 2 };"#,
            "1:191: b and a are of one oneof, o"
        ),
        .init(
            two:
                #"import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M foo = 50000; } message M { required int32 a = 1; } option (foo) = { };"#,
            "1:177: M lacks a"
        ),
        .init(
            option: "M",
            #"message M { int32 a = 1; } option (foo).a = 1; option (foo) = { };"#,
            "1:171: (foo) is set already"
        ),
        .init(
            option: "repeated M",
            #"message M { int32 a = 1; } option (foo).a = 1;"#,
            "1:160: foo is repeated; give a whole value in braces"
        ),
        .init(
            three: "option uninterpreted_option = { };",
            "1:27: uninterpreted_option is not for writing"
        ),
        .init(
            three: "message M { int32 a = 1 [packed = true]; }",
            "1:38: only repeated numbers, bools and enums can be packed"
        ),
        .init(
            three: "message M { string a = 1 [lazy = true]; }",
            "1:39: only a message can be lazy"
        ),
        .init(
            three: "message M { int32 a = 1 [jstype = JS_STRING]; }",
            "1:38: jstype is for integers of 64 bits"
        ),
        .init(
            three: "message M { int32 a = 1 [deprecated]; }",
            #"1:55: expected "=", found "]""#
        ),
        .init(
            three: "message M { int32 a = 1 []; }",
            #"1:45: expected the option's name, found "]""#
        ),
        .init(
            three: "option java_package = -a;",
            #"1:43: expected a number, inf or nan, found "a""#
        ),
        .init(
            three: "message M { option deprecated = { }; }",
            "1:52: deprecated must be true or false"
        ),
        .init(
            three:
                #"import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { int32 foo = 50000 [targets = TARGET_TYPE_FIELD]; } option (foo) = 1;"#,
            "1:158: foo is not for use here"
        ),
        .init(
            three: "option features.field_presence = IMPLICIT;",
            "1:27: features need an edition"
        ),
        .init(
            e2023: "option features.field_presence = LEGACY_REQUIRED;",
            "1:1: presence cannot be required by default"
        ),
        .init(
            e2023: "option features.field_presence = FIELD_PRESENCE_UNKNOWN;",
            "1:1: a feature cannot be unknown"
        ),
        .init(
            e2023: "option features.field_presense = IMPLICIT;",
            "1:35: FeatureSet has no field_presense; did you mean field_presence?"
        ),
        .init(
            e2023: "message M { option features.field_presence = IMPLICIT; }",
            "1:38: field_presence is not for use here"
        ),
        .init(
            e2023: "message M { repeated int32 a = 1 [features.field_presence = IMPLICIT]; }",
            "1:46: a repeated field has no field_presence"
        ),
        .init(
            e2023: "message M { oneof o { int32 a = 1 [features.field_presence = IMPLICIT]; } }",
            "1:47: a field of a oneof has no field_presence"
        ),
        .init(
            e2023: "message M { M a = 1 [features.field_presence = IMPLICIT]; }",
            "1:33: a message cannot have implicit presence"
        ),
        .init(
            e2023: "message M { int32 a = 1 [features.field_presence = IMPLICIT, default = 1]; }",
            "1:90: a field of implicit presence has no default of its own"
        ),
        .init(
            e2023: "message M { int32 a = 1 [features.repeated_field_encoding = PACKED]; }",
            "1:37: repeated_field_encoding is for repeated fields"
        ),
        .init(
            e2023:
                "message M { repeated string a = 1 [features.repeated_field_encoding = PACKED]; }",
            "1:47: only repeated numbers, bools and enums can be packed"
        ),
        .init(
            e2023: "message M { int32 a = 1 [features.utf8_validation = NONE]; }",
            "1:37: utf8_validation is for strings"
        ),
        .init(
            e2023: "message M { int32 a = 1 [features.message_encoding = DELIMITED]; }",
            "1:37: message_encoding is for messages"
        ),
        .init(
            e2023: "message M { repeated int32 a = 1 [packed = true]; }",
            "1:46: editions have features.repeated_field_encoding in place of packed"
        ),
        .init(
            e2023: "option features.default_symbol_visibility = STRICT;",
            "1:26: default_symbol_visibility is not yet in edition 2023"
        ),
        .init(
            e2023: "option java_string_check_utf8 = true;",
            "1:1: java_string_check_utf8 is gone in editions"
        ),
        .init(
            e2024: "option java_multiple_files = true;",
            "1:26: java_multiple_files is gone in edition 2024"
        ),
        .init(
            e2024: "message M { string a = 1 [ctype = CORD]; }",
            "1:38: edition 2024 has features.(pb.cpp).string_type in place of ctype"
        ),
        .init(
            e2024: "message my_message { }",
            "1:27: my_message is not TitleCase, as edition 2024 wants it; features.enforce_naming_style = STYLE_LEGACY allows it"
        ),
        .init(
            e2024: "message M { int32 camelCase = 1; }",
            "1:37: camelCase is not lower_snake_case, as edition 2024 wants it; features.enforce_naming_style = STYLE_LEGACY allows it"
        ),
        .init(
            e2024: "enum E { a = 0; }",
            "1:28: a is not UPPER_SNAKE_CASE, as edition 2024 wants it; features.enforce_naming_style = STYLE_LEGACY allows it"
        ),
        .init(
            e2024: "message M { int32 a_1 = 1; }",
            "1:37: a_1 is not lower_snake_case, as edition 2024 wants it; features.enforce_naming_style = STYLE_LEGACY allows it"
        ),
        .init(
            e2024:
                "option features.default_symbol_visibility = STRICT; message M { export message N { } }",
            "1:98: with STRICT visibility a nested message is local"
        ),
        .init(
            e2023:
                "message M { E e = 1 [features.field_presence = IMPLICIT]; } enum E { option features.enum_type = CLOSED; A = 0; }",
            "1:33: an enum of implicit presence must be open"
        ),
        .init(
            e2023:
                #"message M { extensions 5 [declaration = { number: 6 full_name: ".a" type: ".b" }]; }"#,
            "1:42: declared number 6 is not in the range"
        ),
        .init(
            e2023:
                #"message M { extensions 5 [declaration = { number: 5 full_name: "a" type: ".b" }]; }"#,
            "1:42: a must be a full name with a leading dot"
        ),
        .init(
            e2023:
                "message M { extensions 5 [verification = DECLARATION]; } extend M { int32 a = 5; }",
            "1:97: M does not declare extension 5"
        ),
        .init(
            e2023:
                #"message M { extensions 5 [declaration = { number: 5 full_name: ".b" type: "int32" }]; } extend M { int32 a = 5; }"#,
            "1:124: M declares 5 as .b"
        ),
    ]
}
