extension BrokenProtos {
    static let values: [BrokenProto] = [
        .init(
            three: "message M { oneof o { } }",
            "1:38: a oneof must have a field"
        ),
        .init(
            three: "message M { oneof o { repeated int32 a = 1; } }",
            "1:42: a field in a oneof has no label"
        ),
        .init(
            three: "message M { oneof o { map<int32, int32> a = 1; } }",
            "1:42: a map cannot be in a oneof"
        ),
        .init(
            three: "message M { oneof o { int32 a = 1;; } }",
            #"1:54: expected a type, found ";""#
        ),
        .init(
            three: "message M { repeated map<int32, int32> a = 1; }",
            "1:41: a map has no label"
        ),
        .init(
            three: "message M { map<float, int32> a = 1; }",
            "1:32: a map's key is an integer, a bool or a string"
        ),
        .init(
            three: "message M { map<bytes, int32> a = 1; }",
            "1:32: a map's key is an integer, a bool or a string"
        ),
        .init(
            three: "message M { map<M, int32> a = 1; }",
            "1:32: a map's key is an integer, a bool or a string"
        ),
        .init(
            three: "message M { map<E, int32> a = 1; } enum E { Z = 0; }",
            "1:32: a map's key is an integer, a bool or a string"
        ),
        .init(
            two: "message M { map<int32, E> a = 1; } enum E { ONE = 1; }",
            "1:32: the first value of an enum in a map is zero"
        ),
        .init(
            two: "message M { map<int32, int32> a = 1; repeated AEntry b = 2; }",
            "1:66: M.AEntry is made for a map and cannot be a type otherwise"
        ),
        .init(
            two: "message M { extensions 5; } extend M { map<int32, int32> a = 5; }",
            "1:59: a map cannot be an extension"
        ),
        .init(
            two: "message M { optional group g = 1 { } }",
            "1:47: a group's name begins with a capital letter"
        ),
        .init(
            two: "message M { optional group G = 1; }",
            #"1:52: expected the group's fields in braces, found ";""#
        ),
        .init(
            three: "message M { group G = 1 { } }",
            "1:38: proto3 has no groups"
        ),
        .init(
            e2023: "message M { group G = 1 { } }",
            "1:31: editions have no groups; use features.message_encoding = DELIMITED"
        ),
        .init(
            two: "message M { option map_entry = true; }",
            "1:39: map_entry is not for writing; use map<key, value>"
        ),
        .init(
            two: "message M { option message_set_wire_format = true; optional int32 a = 1; }",
            "1:86: a message set has extensions only"
        ),
        .init(
            two:
                "message M { option message_set_wire_format = true; extensions 4 to max; } extend M { optional int32 a = 4; }",
            "1:120: an extension of a message set is an optional message"
        ),
        .init(
            three: "message M { int32 a = 1 [default = 1]; }",
            "1:55: proto3 has no defaults of one's own"
        ),
        .init(
            two: "message M { repeated int32 a = 1 [default = 1]; }",
            "1:64: a repeated field has no default"
        ),
        .init(
            two: "message M { optional int32 a = 1 [default = 2147483648]; }",
            "1:64: 2147483648 is out of range"
        ),
        .init(
            two: "message M { optional uint32 a = 1 [default = -1]; }",
            #"1:65: expected a number, found "-""#
        ),
        .init(
            two: #"message M { optional int32 a = 1 [default = "1"]; }"#,
            "1:64: expected a number, found a string"
        ),
        .init(
            two: "message M { optional bool a = 1 [default = 1]; }",
            #"1:63: expected true or false, found "1""#
        ),
        .init(
            two: "message M { optional string a = 1 [default = a]; }",
            #"1:65: expected text in quotes, found "a""#
        ),
        .init(
            two: "message M { optional M a = 1 [default = 1]; }",
            "1:60: a message has no default"
        ),
        .init(
            two: "message M { optional E a = 1 [default = BLU]; } enum E { BLUE = 0; RED = 1; }",
            "1:60: E has no value BLU; did you mean BLUE?"
        ),
        .init(
            two: "message M { optional E a = 1 [default = 0]; } enum E { Z = 0; }",
            "1:60: E has no value 0"
        ),
        .init(
            two: "message M { optional int32 a = 1 [default = 1, default = 2]; }",
            "1:67: default is set already"
        ),
        .init(
            two: "message M { optional float a = 1 [default = one]; }",
            #"1:64: expected a number, found "one""#
        ),
        .init(
            two: "message M { optional int32 a = 1 [default = 1.5]; }",
            #"1:64: expected a number, found "1.5""#
        ),
        .init(
            three: "enum E { }",
            "1:25: an enum must have a value"
        ),
        .init(
            three: "enum E { A = 1; }",
            "1:33: the first value of an open enum is zero"
        ),
        .init(
            e2023: "enum E { A = 1; }",
            "1:32: the first value of an open enum is zero"
        ),
        .init(
            three: "enum E { A = 0; B = 0; }",
            "1:40: B has the number of A; if that is meant, set option allow_alias = true"
        ),
        .init(
            three: "enum E { option allow_alias = true; A = 0; B = 1; }",
            "1:36: E has no two values of one number; remove its allow_alias"
        ),
        .init(
            three: "enum E { option allow_alias = false; A = 0; }",
            "1:36: allow_alias = false has no effect; remove it from E"
        ),
        .init(
            three: "enum E { A = 0; B = 2147483648; }",
            "1:40: 2147483648 is out of range"
        ),
        .init(
            three: "enum E { A = 0; reserved 0; }",
            "1:33: number 0 is reserved"
        ),
        .init(
            three: #"enum E { A = 0; reserved "A"; }"#,
            "1:29: A is reserved"
        ),
        .init(
            three: "enum E { A = 0; reserved 5 to 7, 6; }",
            "1:53: reserved range 6 overlaps 5 to 7"
        ),
        .init(
            three: "enum FooBar { FOO_BAR_A = 0; a = 1; }",
            "1:49: a and FOO_BAR_A are the same without case and the enum's name"
        ),
        .init(
            three: "message M { int32 a_b = 1; int32 aB = 2; }",
            "1:53: aB and a_b are both aB in JSON"
        ),
        .init(
            three: #"message M { int32 a = 1 [json_name = "b"]; int32 b = 2; }"#,
            "1:69: b and a are both b in JSON"
        ),
        .init(
            two:
                #"message M { optional int32 a = 1 [json_name = "x"]; optional int32 b = 2 [json_name = "x"]; }"#,
            "1:87: b and a are both x in JSON"
        ),
        .init(
            three: #"message M { int32 a = 1 [json_name = "[a]"]; }"#,
            "1:57: a JSON name is not in brackets"
        ),
        .init(
            three: #"message M { int32 a = 1 [json_name = "a\0"]; }"#,
            "1:57: a json_name holds no zero byte"
        ),
        .init(
            two:
                #"message M { extensions 5; } extend M { optional int32 a = 5 [json_name = "b"]; }"#,
            "1:93: an extension has no json_name"
        ),
        .init(
            three: #"message M { int32 a = 1 [json_name = "a", json_name = "b"]; }"#,
            "1:62: json_name is set already"
        ),
        .init(
            three: #"option java_pakage = "a";"#,
            "1:27: FileOptions has no java_pakage; did you mean java_package?"
        ),
        .init(
            three: "option java_package = 1;",
            "1:42: java_package must be in quotes"
        ),
    ]
}
