/// Documents to start mutations from: a gateway's configuration, a release plan, and YAML's corners.
package enum YAMLSeeds {
    package static let gateway = """
        host: east-1
        listen: { health: 0.0.0.0:9980, admin: "127.0.0.1:9981" }
        state_dir: /var/lib/healthgate
        admin: { read_token_file: /run/r, change_token: "${env:C}", change_certificates: [a, b] }
        sidecar: { admin: http://127.0.0.1:9901, ingress: 127.0.1.1:10000 }
        shutdown_within: 10s
        defaults: { interval: 1s, timeout: 800ms, rise: 2, fall: 3, jitter: 10% }
        freshness: { max_age: 5s, answer_within: 250ms }
        apps:
          orders: { check: grpc://127.0.0.1:9001/shop.v1.Orders, authority: orders }
          web:    { check: http://127.0.0.1:9002/healthz, expect: { status: 200-299, body: ok } }
          batch:  { check: tcp://127.0.0.1:9003, effect: degrade }
        upstreams:
          cache: { check: tcp://127.0.0.1:16379, through: none }  # not by the sidecar
        exclude_on: [draining, starting]

        """

    package static let plan = """
        release: shop
        fronts:
          - { name: edge-east, admin: http://127.0.0.1:9901 }
        hosts:
          east-1: { site: east, address: 127.0.1.1:10000, gateway: http://127.0.1.1:9981 }
          west-1: { site: west, address: 127.0.2.1:10000, gateway: http://127.0.2.1:9981 }
        order: { sites: [west, east], canary: west-1 }
        runtime:
          command:  # an argv each
            stop: [deploy, stop, "{host}"]
            start_apps: ["sh", "-c", 'exec deploy "$0"', "{version}"]
        guard: { min_available: 1 }
        drain: { streams_within: 120s }

        """

    package static let corners = [
        "a: &x { b: [1, 2, *x] }\nc: *x\n<<: *x\n",
        "text: |\n  line\n   more\nfolded: >-\n  a\n  b\n\"q\\u00e9\\n\": 'it''s'\n? key\n: value\n",
        "%YAML 1.1\n---\n- !!str 1\n- ~\n- 0x1F\n- 1_000\n- .inf\n- 2001-01-01\n...\n---\nb\n",
        "a: [[[[[[[[]]]]]]]]\nb: {{}: {}}\n\u{FEFF}c:\td\r\n",
    ]

    package static let pieces = [
        ": ", "- ", "\n", "\n  ", "\t", "#", "&a ", "*a", "!!int ", "!", "|", ">", "'", "\"", "{",
        "}",
        "[", "]", ",", "? ", "---\n", "...\n", "%TAG ! tag:\n", "<<: ", "\\x", "\0", "\u{FEFF}",
        "é",
        "apps:\n", "upstreams:\n", "check: ", "http://", "grpc://", "tcp://", "unix:", "[::1]:0",
        "127.0.0.1:65536", "-1", "999999999999999999999s", "1e400", "0.1ms", "101%", "1s1s", "10h",
        "effect: ", "through: ", "interval: on-poll\n", "rise: 0\n", "null", "~", "yes", "200-199",
        "&a [*a, *a, *a]", "&b [*a,*a,*a,*a,*a,*a,*a,*a]", "password_file: /dev/null\n", "@", "`",
    ]

    package static func mutator(seed: UInt64) -> Mutator {
        Mutator(seeds: [gateway, plan] + corners, pieces: pieces, seed: seed)
    }
}
