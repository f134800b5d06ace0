/// Why a probe failed: a fixed set, so that it may be a metric label. Free text goes beside it.
package enum Reason: String, Hashable, Sendable, CaseIterable {
    case dns
    case refused
    case connectTimeout = "connect_timeout"
    case sidecarRefused = "sidecar_refused"
    /// The sidecar accepted, then closed before a byte came: it could not reach the upstream.
    case upstreamRefused = "upstream_refused"
    case upstreamTimeout = "upstream_timeout"
    case tlsHandshake = "tls_handshake"
    case tlsVerify = "tls_verify"
    case `protocol`
    case auth
    case starting
    case full
    case role
    case status
    case body
    case notServing = "not_serving"
    case timeout
    case `internal`
}

/// Where on the way a probe broke.
package enum Hop: String, Hashable, Sendable, CaseIterable {
    case sidecar, network, upstream
}
