import Health
import Loop
import Probes

/// `/config`: what is in force, with every secret left out.
struct ConfigurationDocument {
    private let configuration: GatewayConfiguration

    init(_ configuration: GatewayConfiguration) { self.configuration = configuration }

    var json: JSON {
        .members([
            "host": .string(configuration.host),
            "listen": .members([
                "health": .string(configuration.listen.health.description),
                "admin": .string(configuration.listen.admin.description),
                "health_tls": tls(configuration.listen.healthTLS),
                "admin_tls": tls(configuration.listen.adminTLS),
            ]),
            "state_dir": .string(configuration.stateDirectory),
            "sidecar": configuration.sidecar.map { sidecar in
                .members([
                    "admin": .text(sidecar.admin?.description),
                    "ingress": .text(sidecar.ingress?.description),
                ])
            } ?? .null,
            "shutdown_within": .string(configuration.shutdownWithin.words),
            "answer_within": .string(configuration.answerWithin.words),
            "exclude_on": .array(
                configuration.excludeOn.map(\.rawValue).sorted().map { .string($0) }
            ),
            "admin": .members([
                "read": role(configuration.access.read),
                "change": role(configuration.access.change),
            ]),
            "checks": .array(configuration.checks.map(check)),
        ])
    }

    /// Names of files, none of which is a secret.
    private func tls(_ settings: TLSSettings?) -> JSON {
        settings.map {
            .members([
                "cert": .text($0.certificate), "key": .text($0.key), "ca": .text($0.authorities),
            ])
        } ?? .null
    }

    private func role(_ access: GatewayConfiguration.RoleAccess) -> JSON {
        .members([
            "token": .text(access.token.map { _ in "(secret)" }),
            "certificates": .array(access.certificates.map { .string($0) }),
            "users": .array(access.users.map { .string($0.description) }),
        ])
    }

    private func tls(ofClient settings: TLSSettings?) -> JSON {
        settings.map {
            .members([
                "ca": .text($0.authorities), "cert": .text($0.certificate), "key": .text($0.key),
                "name": .text($0.serverName), "verify": .string($0.verifies ? "full" : "none"),
            ])
        } ?? .null
    }

    private func check(_ configuration: CheckConfiguration) -> JSON {
        let check = configuration.check
        let interval =
            switch check.interval {
            case .every(let interval): interval.words
            case .onPoll: "on-poll"
            }
        return .members([
            "name": .string(check.id.name),
            "kind": .string(check.id.kind.rawValue),
            "check": .string(check.target),
            "through": .string(configuration.target.through.rawValue),
            "authority": .string(configuration.target.authority),
            "tls": tls(ofClient: configuration.target.tls),
            "effect": .string(check.effect.rawValue),
            "interval": .string(interval),
            "down_interval": .string(check.downInterval.words),
            "timeout": .string(configuration.timeout.words),
            "rise": .integer(check.rise),
            "fall": .integer(check.fall),
            "max_age": .string(check.maxAge.words),
        ])
    }
}
