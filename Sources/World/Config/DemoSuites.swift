/// API tests of the sample apps, written into the world's folder.
package struct DemoSuites: Sendable {
    package let layout: WorldLayout

    package init(_ layout: WorldLayout) { self.layout = layout }

    package var file: String { "\(layout.directory)/suites.yaml" }

    /// - Parameter change: what a scenario has otherwise.
    package func write(_ change: (String) -> String = { $0 }) throws(WorldError) {
        try SmallFiles.write(DemoSuites.proto, to: "\(layout.directory)/demo.proto")
        let suites = WorldLayout.apps.map { DemoSuites.suite(of: $0) }.joined()
        try SmallFiles.write(change(suites), to: file)
    }

    private static func suite(of app: String) -> String {
        """
        - testName: \(app)
          proto: ./demo.proto
          serviceName: demo.App
          authority: \(app)
          timeout: 3s
          cases:
          - name: \(app) answers
            methodName: Call
            detail:
              requests:
              - { id: 7, text: "hello \(app)" }
              responses:
              - { id: 7, text: "hello \(app)", app: \(app), version: !regex "^v[0-9]+$" }
          - name: \(app) streams
            methodName: Stream
            detail:
              requests:
              - { text: "again", count: 3 }
              responses:
              - { text: again, index: 0 }
              - { text: again, index: 1 }
              - { text: again, index: 2 }

        """
    }

    private static let proto = """
        syntax = "proto3";
        package demo;
        message Message {
          uint64 id = 1;
          string text = 2;
          string app = 3;
          string host = 4;
          string version = 5;
          uint64 count = 6;
          uint64 every_ms = 7;
          uint64 index = 8;
        }
        service App {
          rpc Call(Message) returns (Message);
          rpc Stream(Message) returns (stream Message);
        }

        """
}
