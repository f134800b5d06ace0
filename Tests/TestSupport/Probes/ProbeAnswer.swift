package import Health
import Probes

/// One whole answer of a server, and what a probe makes of such: nil if it is no answer at all.
package struct ProbeAnswer: Sendable, CustomStringConvertible {
    package let description: String
    package let bytes: [UInt8]
    /// So many bytes at the end prove nothing more.
    package var spare = 0
    package let isUp: Bool
    package let judge: @Sendable ([UInt8]) -> Outcome.Result?

    package static let all = names + containers + clusters

    /// Of dnsmasq 2.90.
    package static let names = [
        answer(
            "app.test",
            .a,
            unhex(
                """
                1234858000010001000000000361707004746573740000010001c00c000100010000000000040a
                010203
                """
            )
        ),
        answer(
            "app.test",
            .aaaa,
            unhex(
                """
                12348580000100010000000003617070047465737400001c0001c00c001c0001000000000010fd
                000000000000000000000000000001
                """
            )
        ),
        answer(
            "www.test",
            .a,
            unhex(
                """
                1234858000010002000000000377777704746573740000010001c00c0005000100000000000a03
                617070047465737400c026000100010000000000040a010203
                """
            )
        ),
        answer(
            "www.test",
            .cname,
            unhex(
                """
                1234858000010001000000000377777704746573740000050001c00c0005000100000000000a03
                617070047465737400
                """
            )
        ),
        answer(
            "app.test",
            .mx,
            unhex(
                """
                12348580000100010000000003617070047465737400000f0001c00c000f000100000000000d00
                0a046d61696c047465737400
                """
            )
        ),
        answer(
            "_http._tcp.test",
            .srv,
            unhex(
                """
                123485800001000100000002055f68747470045f74637004746573740000210001c00c00210001
                000000000010000100021f9003617070047465737400c033000100010000000000040a010203c0
                33001c0001000000000010fd000000000000000000000000000001
                """
            ),
            // The addresses of the server that it names.
            spare: 44
        ),
        answer(
            "app.test",
            .txt,
            unhex(
                """
                1234858000010001000000000361707004746573740000100001c00c0010000100000000000c05
                68656c6c6f057468657265
                """
            )
        ),
        answer(
            "3.2.1.10.in-addr.arpa",
            .ptr,
            unhex(
                """
                12348580000100010000000001330132013102313007696e2d61646472046172706100000c0001
                c00c000c000100000000000a03617070047465737400
                """
            )
        ),
        answer(
            "nope.test",
            .a,
            unhex(
                """
                123481830001000000000000046e6f706504746573740000010001
                """
            ),
            isUp: false
        ),
        // After RFC 1035, with a record of each of these kinds.
        answer(
            "app.example",
            .soa,
            unhex(
                """
                12348180000100060000000003617070076578616d706c650000060001c00c000500010000003c
                0005026462c010c00c000f00010000003c0004000ac00cc00c001000010000003c000601610362
                6364c00c000100010000003c00040a000001c00c000600010000003c0018c00cc00c0101010101
                010101010101010101010101010101c00c002100010000003c0008000100020003c00c
                """
            )
        ),
    ]

    private static func answer(
        _ name: String,
        _ type: DNSQuestion.RecordType,
        _ bytes: [UInt8],
        spare: Int = 0,
        isUp: Bool = true
    ) -> ProbeAnswer {
        let question = DNSName(name).map { DNSQuestion($0, type) }
        return ProbeAnswer(
            description: "\(name) \(type)",
            bytes: bytes,
            spare: spare,
            isUp: isUp
        ) { bytes in
            question?.answer(in: bytes, id: 0x1234).map { question?.judge($0).0 } ?? nil
        }
    }

    /// As Docker Engine 20.10 and 28 write them, less what is not read.
    package static let containers = [
        container(
            #"{"Id":"4f5c","State":{"Status":"running","Running":true,"OOMKilled":false,"#
                + #""ExitCode":0,"Error":"","Health":{"Status":"healthy","FailingStreak":0,"Log":"#
                + #"[{"ExitCode":0,"Output":"fine\n"}]}},"Name":"/app1","RestartCount":2,"#
                + #""HostConfig":{"Memory":1e3,"Ulimits":null},"Config":{"Env":["A=b\u00e4"]}}"#
        ),
        container(
            #"{"State":{"Status":"exited","ExitCode":137,"OOMKilled":true,"Error":"no"}}"#,
            isUp: false
        ),
    ]

    private static func container(_ json: String, isUp: Bool = true) -> ProbeAnswer {
        ProbeAnswer(description: "container \(isUp)", bytes: Array(json.utf8), isUp: isUp) {
            (try? ContainerState(json: $0))?.judge().0
        }
    }

    /// As Envoy 1.40 writes them, less what is not read.
    package static let clusters = [
        cluster(#""eds_health_status":"HEALTHY""#),
        cluster(#""failed_active_health_check":true,"pending_active_hc":false"#, isUp: false),
    ]

    private static func cluster(_ health: String, isUp: Bool = true) -> ProbeAnswer {
        let json =
            #"{"cluster_statuses":[{"name":"orders","host_statuses":[{"address":{"socket_address":"#
            + #"{"address":"127.0.0.1","port_value":9}},"stats":[{"value":"3","name":"rq_total"}],"#
            + #""health_status":{\#(health)},"weight":1,"locality":{}}]},{"name":"empty"}]}"#
        return ProbeAnswer(description: "clusters \(isUp)", bytes: Array(json.utf8), isUp: isUp) {
            (try? EnvoyClusters(json: $0))?.judge(needed: ["orders"]).0
        }
    }
}
