import Gateway
import Testing

@Suite struct `The descriptors of a gateway` {
    private let limits = GatewayConfiguration.Limits()
    private var wanted: Int { DescriptorShare.wanted(limits) }

    @Test func `leave all limits as they are where there are enough`() {
        let share = DescriptorShare(limits, available: wanted)
        #expect(share.limits == limits)
        #expect(share.shortage == nil)
    }

    @Test func `are taken from the admin port first, then from probes, and from health last`() {
        let some = DescriptorShare(limits, available: wanted - 100)
        #expect(some.limits.adminConnections == 28)
        #expect(some.limits.probes == 64)
        #expect(some.limits.connections == 1024)
        let fewer = DescriptorShare(limits, available: wanted - 150)
        #expect(fewer.limits.adminConnections == 8)
        #expect(fewer.limits.probes == 34)
        #expect(fewer.limits.connections == 1024)
        let few = DescriptorShare(limits, available: 256)
        #expect(few.limits.probes == 8)
        #expect(few.limits.connections == 176)
        #expect(few.limits.connectionsPerPeer == 176)
        #expect(DescriptorShare.wanted(few.limits) == 256)
        #expect(few.shortage?.contains("176 of 1024") == true)
        #expect(few.shortage?.contains("LimitNOFILE") == true)
    }

    @Test func `never leave a port without any`() {
        let none = DescriptorShare(limits, available: 0).limits
        #expect(none.adminConnections == 8)
        #expect(none.connections == 16)
    }
}
