import Gateway
import Testing

@Suite struct `The sidecar's clusters` {
    let clusters = SidecarClusters(
        text: """
            app1::observability_name::app1
            app1::default_priority::max_connections::1024
            app1::127.0.0.1:9001::cx_active::3
            app1::127.0.0.1:9001::rq_active::2
            app1::127.0.0.1:9001::rq_total::40
            app1::127.0.0.1:9001::health_flags::healthy
            app6::[::1]:9006::rq_active::1
            app6::[::1]:9006::rq_total::7
            gateway::127.0.0.1:9980::rq_active::5
            nonsense
            ::::
            """
    )

    @Test func `are read with their requests`() {
        #expect(clusters.endpoints.map(\.cluster) == ["app1", "app6", "gateway"])
        #expect(clusters.endpoints.map(\.address).contains("[::1]:9006"))
        #expect(clusters.endpoints.map(\.active) == [2, 1, 5])
        #expect(clusters.endpoints.map(\.total) == [40, 7, 0])
    }

    @Test func `of users are those named, else those of the apps, else all but the gateway's`() {
        let named = clusters.apps(named: ["app6"], at: [], except: [])
        #expect(named.map(\.cluster) == ["app6"])
        let known = clusters.apps(named: nil, at: ["127.0.0.1:9001"], except: [])
        #expect(known.map(\.cluster) == ["app1"])
        let others = clusters.apps(named: nil, at: ["127.0.0.1:1"], except: [9980])
        #expect(others.map(\.cluster) == ["app1", "app6"])
    }
}
