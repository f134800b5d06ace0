import Glibc
import Loop
import Testing

/// A name server on loopback that sends, for each question, what it is told to.
final class OddNameServer: Sendable {
    private let fd: Int32
    private let answer: @Sendable (_ query: [UInt8], _ count: Int) -> [[UInt8]]
    let address: SocketAddress

    init(_ answer: @escaping @Sendable (_ query: [UInt8], _ count: Int) -> [[UInt8]]) throws {
        self.answer = answer
        fd = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let fd = fd
        let isBound = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(fd, $0, length) == 0 && getsockname(fd, $0, &length) == 0
            }
        }
        try #require(isBound)
        address = try #require(
            SocketAddress(ip: "127.0.0.1", port: UInt16(bigEndian: name.sin_port))
        )
        var thread = pthread_t()
        pthread_create(&thread, nil, serve, Unmanaged.passRetained(self).toOpaque())
        pthread_detach(thread)
    }

    /// Answers each question until the end of the test run.
    fileprivate func run() {
        var packet = [UInt8](repeating: 0, count: 512)
        for count in 0... {
            var peer = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            withUnsafeMutablePointer(to: &peer) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    let size = recvfrom(fd, &packet, packet.count, 0, $0, &length)
                    guard size >= 12 else { return }
                    for reply in answer(Array(packet[..<size]), count) {
                        sendto(fd, reply, reply.count, 0, $0, length)
                    }
                }
            }
        }
    }
}

private func serve(context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<OddNameServer>.fromOpaque(context).takeUnretainedValue().run()
    return nil
}
