import Glibc
import Synchronization

/// A name server on loopback that knows one address for every name, or keeps silent.
final class NameServer: Sendable {
    private let fd: Int32
    private let isAnswering = Atomic(false)
    let port: UInt16

    struct Failure: Error {}

    init() throws {
        fd = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let fd = fd
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(fd, $0, length) == 0 && getsockname(fd, $0, &length) == 0
            }
        }
        guard bound else { throw Failure() }
        port = UInt16(bigEndian: address.sin_port)
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        pthread_create(&thread, nil, serve, context)
        pthread_detach(thread)
    }

    var answers: Bool {
        get { isAnswering.load(ordering: .relaxed) }
        set { isAnswering.store(newValue, ordering: .relaxed) }
    }

    /// Answers each question until the end of the test run.
    fileprivate func run() {
        var packet = [UInt8](repeating: 0, count: 512)
        while true {
            var peer = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            withUnsafeMutablePointer(to: &peer) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    let count = recvfrom(fd, &packet, packet.count, 0, $0, &length)
                    guard count > 12, answers else { return }
                    let answer = answer(to: Array(packet[..<count]))
                    sendto(fd, answer, answer.count, 0, $0, length)
                }
            }
        }
    }

    /// RFC 1035 section 4: the header and the question again, then one address record for type A.
    private func answer(to query: [UInt8]) -> [UInt8] {
        let isA = query.suffix(4).starts(with: [0, 1])
        var answer = query
        answer.replaceSubrange(2..<12, with: [0x81, 0x80, 0, 1, 0, isA ? 1 : 0, 0, 0, 0, 0])
        if isA { answer += [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 77] }
        return answer
    }
}

private func serve(context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<NameServer>.fromOpaque(context).takeUnretainedValue().run()
    return nil
}
