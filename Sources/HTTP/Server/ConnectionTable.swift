import Loop

/// The connections of a server, within their bounds: in total and for each peer.
///
/// Where a bound is reached, the connection that has waited longest without a word gives way: who
/// opens connections and says nothing keeps nobody out.
@EventLoop
struct ConnectionTable {
    private var all: [ObjectIdentifier: Entry] = [:]
    private var perPeer: [SocketAddress.Network: Int] = [:]
    /// Those that have not said yet what they speak, oldest first. Some are gone: `number` tells.
    private var silent: [(id: ObjectIdentifier, number: Int)] = []
    private var number = 0

    private struct Entry {
        let connection: any ServerConnection
        let network: SocketAddress.Network?
        let number: Int
        var isSilent = true
    }

    var count: Int { all.count }
    var isEmpty: Bool { all.isEmpty }
    var connections: [any ServerConnection] { all.values.map(\.connection) }

    func count(of network: SocketAddress.Network?) -> Int {
        network.flatMap { perPeer[$0] } ?? 0
    }

    mutating func add(_ connection: any ServerConnection, from network: SocketAddress.Network?) {
        dropGone()
        number += 1
        let id = ObjectIdentifier(connection)
        all[id] = Entry(connection: connection, network: network, number: number)
        silent.append((id, number))
        if let network { perPeer[network, default: 0] += 1 }
    }

    /// The peer has said what it speaks: another connection takes over.
    mutating func replace(_ old: any ServerConnection, by new: any ServerConnection) {
        guard let entry = all.removeValue(forKey: ObjectIdentifier(old)) else { return }
        all[ObjectIdentifier(new)] = Entry(
            connection: new,
            network: entry.network,
            number: entry.number,
            isSilent: false
        )
    }

    /// False: it was not there.
    mutating func remove(_ connection: any ServerConnection) -> Bool {
        guard let entry = all.removeValue(forKey: ObjectIdentifier(connection)) else {
            return false
        }
        if let network = entry.network, let count = perPeer[network] {
            perPeer[network] = count > 1 ? count - 1 : nil
        }
        return true
    }

    /// The one that has been silent for longest, of one peer or of all.
    mutating func longestSilent(of network: SocketAddress.Network?) -> (any ServerConnection)? {
        dropGone()
        for waiting in silent {
            guard let entry = entry(waiting), network == nil || entry.network == network else {
                continue
            }
            return entry.connection
        }
        return nil
    }

    private func entry(_ waiting: (id: ObjectIdentifier, number: Int)) -> Entry? {
        guard let entry = all[waiting.id], entry.number == waiting.number, entry.isSilent else {
            return nil
        }
        return entry
    }

    /// Forgets, at the front, those that have spoken or gone.
    private mutating func dropGone() {
        let gone = silent.prefix { entry($0) == nil }.count
        if gone > 0 { silent.removeFirst(gone) }
    }
}
