import Gateway
import Health
import Loop
import Probes
import YAML

/// What the rest of the file means for a check.
struct CheckContext {
    let sidecar: GatewayConfiguration.Sidecar?
    /// Whether it is written at all, be it wrong: what is wrong is told once, and not again by
    /// each check that goes through it.
    let saysSidecar: Bool
    let saysIngress: Bool
    let defaults: CheckDefaults
    let answerWithin: Duration
}

extension YAMLValue where Value == [CheckConfiguration] {
    /// The checks under `apps` or `upstreams`, by name.
    static func checks(_ kind: CheckID.Kind, _ context: CheckContext) -> YAMLValue {
        YAMLValue<[YAMLNamed<CheckConfiguration>]>.entries { name, place in
            .section { section in
                do throws(YAMLMismatch) {
                    try checkIdentifier(name)
                } catch {
                    section.report.error(error.message, at: place)
                }
                return check(CheckID(kind, name), context, section)
            }
        }.map { entries throws(YAMLMismatch) in entries.map(\.value) }
    }

    private static func check(
        _ id: CheckID,
        _ context: CheckContext,
        _ section: YAMLSection
    ) -> CheckConfiguration? {
        let url = section.required(
            "check",
            YAMLValue<String>.string.map { text throws(YAMLMismatch) in try CheckURL(reading: text)
            }
        )
        guard let url else {
            // Which other keys are right depends on the scheme.
            section.ignoreRest()
            return nil
        }
        let timing = context.defaults.overridden(by: section)
        let maxAge = section.optional("max_age", .time, default: timing.maxAge)
        let effect = section.optional("effect", .choice, default: Effect.standard(for: id.kind))
        var through = timing.through ?? url.scheme.usualThrough(for: id.kind)
        if url.scheme.isLocal {
            section.refuse("through", "nothing stands between us and \(url.scheme.rawValue)")
            through = .none
        }
        let authority = url.scheme.isRouted ? section.optional("authority", .authority) : nil
        let tls = tls(url, section)
        guard let probed = probeKind(url, section),
            var target = target(probed, id, url, through, authority, context, section)
        else { return nil }
        target.tls = tls
        target.beyond = beyond(target, section)
        if url.scheme.isRouted { target.keeps = section.optional("keep", .bool, default: false) }
        let check = CheckConfiguration(
            id,
            target,
            effect: effect,
            interval: timing.interval,
            downInterval: timing.downInterval,
            jitter: timing.jitter,
            timeout: timing.timeout,
            rise: timing.rise,
            fall: timing.fall,
            maxAge: maxAge,
            holdDown: timing.holdDown
        )
        CheckWarnings(check, context, section, fall: timing.fall).tell()
        return check
    }

    /// Where the target itself is, past the sidecar's listener.
    private static func beyond(_ target: ProbeTarget, _ section: YAMLSection) -> Endpoint? {
        guard target.through == .sidecar, !target.goesThroughIngress else {
            section.refuse(
                "direct",
                target.goesThroughIngress
                    ? "the address of the check is the app's own: it is asked directly anyway"
                    : "the check goes to the target itself: nothing stands before it"
            )
            return nil
        }
        return section.optional("direct", .endpoint)
    }

    /// What a check over TLS says of it.
    private static func tls(_ url: CheckURL, _ section: YAMLSection) -> TLSSettings? {
        if url.scheme.service?.sealing != nil {
            return section.optional("tls", .clientTLS(mayTrustAll: true))
        }
        guard url.scheme.isTLS else {
            section.refuse("tls", url.scheme.withoutTLS)
            return nil
        }
        return section.optional("tls", .clientTLS(mayTrustAll: true), default: TLSSettings())
    }

    private static func probeKind(
        _ url: CheckURL,
        _ section: YAMLSection
    ) -> ProbeTarget.Kind? {
        let expect = { section.optional("expect", .httpExpectation, default: .init()) }
        switch url.scheme {
        case .tcp:
            if !url.path.isEmpty {
                section.report.error("tcp knows no path", at: section.place(of: "check"))
            }
            let send = section.optional("send", .bytes, default: [])
            let reply = section.optional("expect", .bytes, default: [])
            return .tcp(.init(send: send, expect: reply))
        case .http, .https: return .http(path: url.httpPath, expect: expect())
        case .h2c: return .h2c(path: url.httpPath, expect: expect())
        case .grpc, .grpcs:
            section.refuse("expect", "a grpc check expects SERVING and nothing else")
            do throws(YAMLMismatch) {
                return .grpc(service: try url.service())
            } catch {
                section.report.error(error.message, at: section.place(of: "check"))
                return nil
            }
        case .tls: return .tls(ProbeTarget.CertificateExpectation(url, section))
        case .dns: return DNSQuestion(url, section).map { .dns($0) }
        case .disk: return .disk(ProbeTarget.Disk(url, section))
        case .exec: return section.command().map { .exec($0) }
        case .docker: return .docker(ProbeTarget.Container(url, section))
        case .envoy: return .envoy(clusters: section.neededClusters(url))
        case .postgres, .mysql, .redis, .rediss, .memcached, .amqp, .amqps, .mongodb, .kafka:
            return url.scheme.service.flatMap { ServerTarget($0, url, section) }.map { .server($0) }
        }
    }

    private static func target(
        _ kind: ProbeTarget.Kind,
        _ id: CheckID,
        _ url: CheckURL,
        _ through: ProbeTarget.Through,
        _ authority: String?,
        _ context: CheckContext,
        _ section: YAMLSection
    ) -> ProbeTarget? {
        guard through == .sidecar else {
            return ProbeTarget(kind, url.endpoint, authority: authority)
        }
        // An upstream's address is the sidecar's listener for it; so is that of an app by TCP.
        guard id.kind == .app, url.scheme.isRouted else {
            if !context.saysSidecar { refuse(id, "sidecar", section) }
            return ProbeTarget(kind, url.endpoint, through: .sidecar, authority: authority)
        }
        guard !url.scheme.isTLS else {
            section.report.error(
                "\(id.name): the sidecar's ingress takes no \(url.scheme.rawValue): check the app "
                    + "there in the clear, or directly by through: none",
                at: section.place(of: "through")
            )
            return nil
        }
        guard let ingress = context.sidecar?.ingress else {
            if !context.saysIngress { refuse(id, "sidecar.ingress", section) }
            return nil
        }
        return ProbeTarget(
            kind,
            url.endpoint,
            through: .sidecar,
            dial: ingress,
            // The ingress routes by authority, and an address means nothing to it.
            authority: authority ?? id.name
        )
    }

    private static func refuse(_ id: CheckID, _ missing: String, _ section: YAMLSection) {
        section.report.error(
            "\(id.name) is checked through the sidecar, but there is no \(missing): "
                + "give it, or say through: none",
            at: section.place(of: "check")
        )
    }
}

extension CheckURL.Scheme {
    /// Why it takes no settings for TLS.
    fileprivate var withoutTLS: String {
        switch self {
        case .redis: "redis is in the clear: write rediss://"
        case .amqp: "amqp is in the clear: write amqps://"
        case .memcached: "memcached is asked in the clear only"
        default: "tls goes with https://, grpcs://, tls:// and servers only"
        }
    }

    /// An ingress routes HTTP by authority: an app by plain TCP has no way through it. What speaks
    /// TLS itself needs no sidecar for that.
    fileprivate func usualThrough(for kind: CheckID.Kind) -> ProbeTarget.Through {
        (isTLS && service == nil) || self == .dns || (!isRouted && kind == .app) ? .none : .sidecar
    }

    /// Whether the sidecar's ingress routes it by its authority; else it has a listener of its own.
    fileprivate var isRouted: Bool { [.http, .https, .h2c, .grpc, .grpcs].contains(self) }
}
