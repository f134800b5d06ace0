import Glibc

/// The process at the other end of a Unix socket, as it was when it connected; the kernel says so.
package struct PeerUser: Hashable, Sendable {
    package let uid: UInt32
    package let gid: UInt32
    /// 0 for a process that this one cannot see, as from another container.
    package let pid: Int32

    package init(uid: UInt32, gid: UInt32, pid: Int32) {
        self.uid = uid
        self.gid = gid
        self.pid = pid
    }
}

extension Socket {
    /// Who connected this Unix socket; nil for a socket of another kind.
    static func peerUser(_ fd: Int32) -> PeerUser? {
        // As struct ucred, which Swift's Glibc leaves out: pid, uid and gid (unix(7)).
        var raw: (pid: Int32, uid: UInt32, gid: UInt32) = (0, .max, .max)
        var length = socklen_t(MemoryLayout.size(ofValue: raw))
        guard getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &raw, &length) == 0, raw.uid != .max else {
            return nil
        }
        return PeerUser(uid: raw.uid, gid: raw.gid, pid: raw.pid)
    }
}
