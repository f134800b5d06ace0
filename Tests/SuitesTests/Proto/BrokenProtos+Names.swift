extension BrokenProtos {
    static let names: [BrokenProto] = [
        .init(
            three: "message M { int32 a = 1; string a = 2; }",
            "1:52: M.a is already defined"
        ),
        .init(
            three: "enum E { A = 0; } enum F { A = 0; }",
            "1:47: A is already defined; an enum value is a name of the scope that its enum stands in"
        ),
        .init(
            three: "package p; message p { } enum M { p = 0; } message M { }",
            "1:50: p.M is already defined"
        ),
        .init(
            three: "message M { map<int32, int32> a = 1; message AEntry { } }",
            "1:65: M.AEntry is already defined, for the entries of a map"
        ),
        .init(
            three: "service S { rpc A(M) returns (M); rpc A(M) returns (M); } message M { }",
            "1:58: S.A is already defined"
        ),
        .init(
            three: "message M { oneof a { int32 b = 1; } int32 a = 2; }",
            "1:38: M.a is already defined"
        ),
        .init(
            three: "message M { Timestmp a = 1; } message Timestamp { }",
            "1:32: Timestmp is not defined; did you mean Timestamp?"
        ),
        .init(
            three: "message M { google.protobuf.Timestamp a = 1; }",
            #"1:32: google.protobuf.Timestamp is not defined; import "google/protobuf/timestamp.proto""#
        ),
        .init(
            three: "message M { Inner.Deep a = 1; message Inner { } } message Deep { }",
            "1:32: Inner.Deep is not defined; did you mean Deep?"
        ),
        .init(
            three: "message M { a b = 1; int32 a = 2; }",
            "1:32: a is not defined"
        ),
        .init(
            three: "service S { rpc A(E) returns (M); } enum E { Z = 0; } message M { }",
            "1:38: E is not a message"
        ),
        .init(
            three: "service S { rpc A(Mm) returns (M); } message M { }",
            "1:38: Mm is not defined"
        ),
        .init(
            three: "service S { rpc A(int32) returns (M); } message M { }",
            #"1:38: expected the name of a message, found "int32""#
        ),
        .init(
            two: "extend M { optional int32 a = 1; }",
            "1:27: M is not defined"
        ),
        .init(
            two: "extend E { optional int32 a = 1; } enum E { Z = 0; }",
            "1:27: E is not a message"
        ),
        .init(
            three: "message M { int32 a = 0; }",
            "1:42: a field's number is 1 or more"
        ),
        .init(
            three: "message M { int32 a = -1; }",
            #"1:42: expected the field's number, found "-""#
        ),
        .init(
            three: "message M { int32 a = 536870912; }",
            "1:42: a field's number is at most 536870911"
        ),
        .init(
            three: "message M { int32 a = 4294967296; }",
            "1:42: 4294967296 is out of range"
        ),
        .init(
            three: "message M { int32 a = 19000; }",
            "1:42: numbers 19000 to 19999 are kept for protobuf itself"
        ),
        .init(
            three: "message M { int32 a = 19999; }",
            "1:42: numbers 19000 to 19999 are kept for protobuf itself"
        ),
        .init(
            three: "message M { int32 a = 1; int32 b = 1; reserved 2; }",
            "1:55: number 1 is taken by a; the next free number is 3"
        ),
        .init(
            three: "message M { reserved 1 to 5; int32 a = 3; }",
            "1:59: number 3 is reserved; the next free number is 6"
        ),
        .init(
            three: #"message M { reserved "a"; int32 a = 3; }"#,
            "1:52: a is reserved"
        ),
        .init(
            three: "message M { reserved 1 to 5, 5; }",
            "1:49: reserved range 5 overlaps 1 to 5"
        ),
        .init(
            three: "message M { reserved 5 to 1; }",
            "1:41: the reserved range ends before it begins"
        ),
        .init(
            three: "message M { reserved 0; }",
            "1:41: reserved numbers are 1 or more"
        ),
        .init(
            three: #"message M { reserved "a", "a"; }"#,
            "1:46: a is reserved already"
        ),
        .init(
            three: "message M { reserved a; }",
            "1:41: reserved names stand in quotes in proto3"
        ),
        .init(
            e2023: #"message M { reserved "a"; }"#,
            "1:40: reserved names stand without quotes in editions"
        ),
        .init(
            three: #"message M { reserved 1, "a"; }"#,
            "1:44: expected a number, or names, found a string"
        ),
        .init(
            two: "message M { extensions 5 to 9; optional int32 a = 7; }",
            "1:70: number 7 is of extensions 5 to 9"
        ),
        .init(
            two: "message M { extensions 5 to 9; extensions 9; }",
            "1:62: extension range 9 overlaps 5 to 9"
        ),
        .init(
            two: "message M { extensions 5 to 9; reserved 8; }",
            "1:43: extension range 5 to 9 overlaps reserved 8"
        ),
        .init(
            two: "message M { extensions 0; }",
            "1:43: extension numbers are 1 or more"
        ),
        .init(
            two: "message M { extensions 9 to 5; }",
            "1:43: the extension range ends before it begins"
        ),
        .init(
            two: "message M { extensions 1 to 536870912; }",
            "1:43: an extension number is at most 536870911"
        ),
        .init(
            two: "message M { extensions 5 to 9; } extend M { optional int32 a = 10; }",
            "1:83: M has no extension number 10; its extensions: 5 to 9"
        ),
        .init(
            two: "message M { } extend M { optional int32 a = 10; }",
            "1:64: M has no extension number 10: it has no extensions at all"
        ),
        .init(
            two:
                "message M { extensions 5 to 9; } extend M { optional int32 a = 5; optional int32 b = 5; }",
            "1:105: number 5 of M is taken by a"
        ),
        .init(
            two: "message M { extensions 5; } extend M { required int32 a = 5; }",
            "1:74: an extension cannot be required"
        ),
        .init(
            two: "message M { extensions 5; } extend M { }",
            #"1:57: expected a field in extend, found "{""#
        ),
        .init(
            three: "message M { extensions 5; }",
            "1:43: proto3 has no extensions"
        ),
        .init(
            three: "message M { } extend M { int32 a = 1; }",
            "1:55: M has no extension number 1: it has no extensions at all"
        ),
        .init(
            two: "message M { int32 a = 1; }",
            "1:32: expected optional, required or repeated"
        ),
        .init(
            three: "message M { required int32 a = 1; }",
            "1:47: proto3 has no required fields"
        ),
        .init(
            e2023: "message M { optional int32 a = 1; }",
            "1:31: editions have no optional: a field tells absent from zero by itself"
        ),
        .init(
            e2023: "message M { required int32 a = 1; }",
            "1:31: editions have no required; use features.field_presence = LEGACY_REQUIRED"
        ),
    ]
}
