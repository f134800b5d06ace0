package import Health
package import Loop

/// A way to look at one target. A probe does one attempt and keeps no history.
@EventLoop
package protocol Probe: AnyObject {
    /// Looks once. One deadline covers the whole exchange; what fails is an outcome, not an error.
    func run(until deadline: Instant) async -> Outcome

    /// Lets go of what is kept between attempts, such as a connection.
    func close()
}

extension Probe {
    package func close() {}
}
