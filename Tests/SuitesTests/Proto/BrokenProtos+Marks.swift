extension BrokenProtos {
    static let marks: [BrokenProto] = [
        .init(
            "message M { /* no end",
            "1:13: this comment does not end"
        ),
        .init(
            "/* a /* b */ */",
            #"1:6: "/*" inside a comment; they do not nest"#
        ),
        .init(
            #"message M { option a = "no end }"#,
            "1:24: this string does not end"
        ),
        .init(
            "message M { option a = \"line\n\"; }",
            "1:24: this string does not end in its line"
        ),
        .init(
            three: #"option java_package = "\q";"#,
            "1:43: an unknown escape in a string"
        ),
        .init(
            three: #"option java_package = "\xg";"#,
            "1:43: an unknown escape in a string"
        ),
        .init(
            three: #"option java_package = "\u12";"#,
            "1:43: an unknown escape in a string"
        ),
        .init(
            three: "message M { int32 a = 08; }",
            "1:42: a number that begins with 0 is octal"
        ),
        .init(
            three: "message M { int32 a = 0x; }",
            "1:42: 0x without a hexadecimal digit"
        ),
        .init(
            three: "message M { int32 a = 1e; }",
            "1:42: an exponent without a digit"
        ),
        .init(
            three: "message M { int32 a = 1a; }",
            "1:43: a space is needed between a number and a name"
        ),
        .init(
            three: "message M { int32 a = 1.2.3; }",
            "1:42: a number with a dot too many"
        ),
        .init(
            three: "messäge M { }",
            "1:24: only comments and strings may hold characters beyond ASCII"
        ),
        .init(
            "\u{1}",
            "1:1: a control character"
        ),
        .init(
            #"syntax = "proto4";"#,
            #"1:10: unknown syntax "proto4"; there are proto2 and proto3"#
        ),
        .init(
            #"edition = "2025";"#,
            #"1:11: edition "2025" is not known here; 2023 and 2024 are"#
        ),
        .init(
            "syntax = proto3;",
            #"1:10: expected the name of a syntax or edition, found "proto3""#
        ),
        .init(
            "mesage M { }",
            #"1:1: expected a statement such as message, found "mesage"; did you mean message?"#
        ),
        .init(
            three: "package a; package b;",
            "1:31: the file has a package already"
        ),
        .init(
            three: "package a.;",
            #"1:30: expected a name, found ";""#
        ),
        .init(
            three: "export message M { }",
            #"1:20: expected a statement such as message, found "export"; did you mean import?"#
        ),
        .init(
            three: #"import option "google/protobuf/any.proto";"#,
            "1:20: import option needs edition 2024"
        ),
        .init(
            e2024: #"import weak "google/protobuf/any.proto";"#,
            "1:19: import weak is gone in edition 2024; use import option"
        ),
        .init(
            three: #"import "google/protobuf/any.proto"; import "google/protobuf/any.proto";"#,
            "1:56: google/protobuf/any.proto is imported twice"
        ),
        .init(
            e2024:
                #"import option "google/protobuf/any.proto"; import "google/protobuf/duration.proto";"#,
            "1:62: this import must stand before any import option"
        ),
        .init(
            e2024: "export service S { }",
            "1:19: export is for messages and enums only"
        ),
        .init(
            "import any;",
            #"1:8: expected the file to import, in quotes, found "any""#
        ),
        .init(
            "}",
            #"1:1: expected a statement such as message, found "}""#
        ),
        .init(
            "message M { ",
            "1:11: this brace is not closed"
        ),
        .init(
            three: "enum E { A = 0",
            #"1:34: expected ";", found the end of the file"#
        ),
        .init(
            three: "service S { rpc",
            "1:35: expected the method's name, found the end of the file"
        ),
        .init(
            "option a;",
            #"1:9: expected "=", found ";""#
        ),
        .init(
            three: "option java_package = ;",
            #"1:42: expected the option's value, found ";""#
        ),
        .init(
            three: "message M { } message M { }",
            "1:42: M is already defined"
        ),
    ]
}
