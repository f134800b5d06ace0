import CLibevent
import Glibc

/// The hosts file and name servers of a machine, asked by libevent's evdns.
@EventLoop
package final class NameService {
    private var base: OpaquePointer?
    private let resolvConf: String
    private let hosts: String
    private var read: [FileStamp?] = []

    package init(resolvConf: String = "/etc/resolv.conf", hosts: String = "/etc/hosts") {
        self.resolvConf = resolvConf
        self.hosts = hosts
    }

    isolated deinit { if let base { evdns_base_free(base, 1) } }

    func lookUp(_ name: String, until deadline: Instant) async throws(LoopError) -> [SocketAddress]
    {
        guard let base = base ?? make() else {
            throw LoopError(.dns, "look up \(name): the resolver cannot be made now")
        }
        reload(base)
        let lookup = Lookup(name)
        lookup.start(base)
        do throws(LoopError) {
            return try await lookup.answer.wait(until: deadline, "look up \(name)")
        } catch {
            lookup.cancel()
            throw error
        }
    }

    /// It may want a descriptor for its random numbers, and there may be none just now.
    private func make() -> OpaquePointer? {
        base = evdns_base_new(EventLoop.base, 0)
        guard let base else { return nil }
        // Some name servers answer in lower case whatever the case of the question.
        evdns_base_set_option(base, "randomize-case:", "0")
        evdns_base_set_option(base, "timeout:", "1")
        return base
    }

    /// Reads the files again when they changed: a gateway outlives many a `resolv.conf`.
    private func reload(_ base: OpaquePointer) {
        let now = FileStamp.of([resolvConf, hosts])
        guard read != now else { return }
        read = now
        evdns_base_clear_host_addresses(base)
        evdns_base_load_hosts(base, hosts)
        evdns_base_clear_nameservers_and_suspend(base)
        // A missing file leaves 127.0.0.1 as the only server, as resolv.conf(5) says.
        let options = DNS_OPTION_SEARCH | DNS_OPTION_NAMESERVERS | DNS_OPTION_MISC
        evdns_base_resolv_conf_parse(base, options, resolvConf)
        evdns_base_resume(base)
    }
}

/// One question to evdns.
@EventLoop
private final class Lookup {
    let answer = Waiter<[SocketAddress]>()
    private let name: String
    private var request: OpaquePointer?
    private var isAnswered = false

    init(_ name: String) { self.name = name }

    func start(_ base: OpaquePointer) {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_protocol = Int32(IPPROTO_TCP)
        // evdns owns us until its callback, which comes exactly once, also after a cancel.
        let context = Unmanaged.passRetained(self).toOpaque()
        let request = evdns_getaddrinfo(base, name, nil, &hints, onAnswer, context)
        // Names from the hosts file are answered within the call, which then returns nil.
        if !isAnswered { self.request = request }
    }

    func cancel() {
        if let request { evdns_getaddrinfo_cancel(request) }
        request = nil
    }

    fileprivate func answered(_ code: Int32, _ addresses: [SocketAddress]) {
        isAnswered = true
        request = nil
        if code == 0 {
            answer.fulfil(.success(addresses))
        } else {
            let reason = String(cString: evutil_gai_strerror(code))
            answer.fulfil(.failure(LoopError(.dns, "look up \(name): \(reason)")))
        }
    }
}

// MARK: - Callbacks

private func onAnswer(
    code: Int32,
    list: UnsafeMutablePointer<addrinfo>?,
    context: UnsafeMutableRawPointer?
) {
    guard let context else { return }
    var addresses: [SocketAddress] = []
    var entry = list
    while let current = entry {
        if let address = current.pointee.ai_addr.flatMap({ SocketAddress($0) }) {
            addresses.append(address)
        }
        entry = current.pointee.ai_next
    }
    if let list { evutil_freeaddrinfo(list) }
    let lookup = Unmanaged<Lookup>.fromOpaque(context)
    EventLoop.assumeIsolated { lookup.takeRetainedValue().answered(code, addresses) }
}
