/// Texts of `.proto` files, and suites against the first of them.
enum ProtoSeeds {
    static let texts = [
        """
        syntax = "proto3";
        package s;
        import "google/protobuf/any.proto";
        import "google/protobuf/struct.proto";
        import "google/protobuf/timestamp.proto";
        import "google/protobuf/wrappers.proto";
        enum E { NONE = 0; ONE = 1; }
        message M {
          string s = 1; int64 n = 2; bytes b = 3; double d = 4; E e = 5; M m = 6;
          repeated M list = 7; map<string, M> by = 8; optional int32 o = 9;
          oneof one { string x = 10; uint32 y = 11; }
          google.protobuf.Any any = 12; google.protobuf.Struct bag = 13;
          google.protobuf.Timestamp at = 14; google.protobuf.StringValue text = 15;
        }
        service S { rpc A(M) returns (M); rpc B(stream M) returns (stream M); }
        """,
        """
        syntax = "proto2";
        package p.q;
        option java_package = "a.b";
        message A {
          required int32 i = 1 [default = -3, json_name = "I"];
          optional group G = 2 { optional string s = 3 [default = "a\\n\\x41"]; }
          repeated fixed32 f = 4 [packed = true, deprecated = true];
          extensions 100 to 199, 1000 to max;
          reserved 20, 30 to 40; reserved "old";
          enum E { option allow_alias = true; X = 0; Y = 0; Z = -1; reserved 7 to max; }
          optional E e = 5 [default = Z];
          oneof o { string t = 6; bytes u = 7; }
        }
        extend A { optional double d = 100 [default = inf]; }
        // comment
        /* another */
        """,
        """
        edition = "2023";
        import "google/protobuf/descriptor.proto";
        option features.field_presence = IMPLICIT;
        extend google.protobuf.FieldOptions { T tag = 50000; }
        message T { int32 a = 1; repeated string b = 2; T c = 3; }
        message U {
          int32 n = 1 [(tag) = { a: 1 b: ["x", 'y'] c { a: -0x7 } }];
          string s = 2 [(tag).a = 5, features.field_presence = EXPLICIT];
          map<int32, U> m = 3;
        }
        service V { option deprecated = true; rpc R(U) returns (stream T) { option idempotency_level = NO_SIDE_EFFECTS; } }
        """,
    ]

    static let suites = [
        """
        - testName: t
          proto: s.proto
          serviceName: S
          cases:
          - name: a
            methodName: A
            detail:
              requests: [{s: x, n: 5, b: !hex 00ff, m: {e: ONE}, by: {k: {d: .nan}}, at: 2024-02-29T12:00:00Z}]
              responses:
              - s: !regex "^x"
                n: !gt 4
                list: !unordered [{s: !contains x}, {}]
                by: {k: !present , l: !absent }
                bag: {a: [1, null, {}], b: !any }
                any: {"@type": s.M, s: !length {min: 1}}
                text: !either [a, !not b]
        """,
        """
        - testName: t
          proto: s.proto
          serviceName: s.S
          tags: [one, two]
          timeout: 5s
          vars: {a: x, b: ["${a}", "y${a}"], c: {s: "${a}"}}
          metadata: {x-a: "${a}", x-b-bin: !hex 01}
          contract: {field: s, allow: [x], without: [B]}
          setup:
          - name: up
            methodName: A
            detail: {requests: [{s: "${a}"}], capture: {id: "responses[0].m.by[\"k\"].s", h: headers.x}}
          cases:
          - name: b
            methodName: B
            each: [{r: 1}, {r: 2}]
            eventually: {within: 2s, every: 100ms}
            detail:
              stream:
              - send: {s: "${id}", n: "${r}"}
              - expect: {s: "$${a}"}
                within: 1s
              - until: 2
              - close
              - cancel
              headers: {x-a: [!present , "${h}"]}
              trailers: {x-b: !regex b}
          - name: c
            methodName: A
            detail: {requests: ["${c}"], error: {code: NOT_FOUND, message: !contains x, details: [{"@type": google.protobuf.Struct, value: {}}]}}
          teardown: [{name: down, methodName: A, detail: {requests: [{s: x}]}}]
        """,
        "- &a {testName: t, serviceName: S, reflection: true, cases: []}\n- *a\n- {<<: *a, cases: [{name: n, methodName: B}]}\n",
    ]
}
