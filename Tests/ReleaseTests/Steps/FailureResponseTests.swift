import Release
import Testing

@Suite
struct `The response to a failure` {
    private func response(
        _ step: StepName,
        proved: Bool = true,
        held: Bool = true,
        oldRuns: Bool = true,
        early: PlanConfiguration.EarlyFailureAction = .restore,
        late: PlanConfiguration.FailureAction = .stop
    ) -> FailureResponse {
        .to(
            failed: step,
            drainProved: proved,
            isHeld: held,
            oldRuns: oldRuns,
            early: early,
            late: late
        )
    }

    @Test(arguments: [StepName.drain, .pull])
    func `gives the untouched old version back`(step: StepName) {
        #expect(response(step) == .restore)
        #expect(response(step, proved: false) == .restore)
    }

    @Test func `is nothing where nothing was done`() {
        #expect(response(.guard, held: false) == .nothing)
    }

    @Test func `gives a host back that was out when it was taken over`() {
        #expect(response(.guard, proved: false) == .restore)
    }

    @Test func `stops an early host only if the plan says so and its silence is proved`() {
        #expect(response(.pull, early: .stop) == .stop)
        #expect(response(.drain, proved: false, early: .stop) == .restore)
    }

    @Test(arguments: [StepName.guard, .drain, .pull])
    func `never gives back what is not the old version`(step: StepName) {
        #expect(response(step, proved: false, oldRuns: false) == .hold)
        #expect(response(step, proved: true, oldRuns: false) == .stop)
    }

    @Test(arguments: [StepName.stop, .proxy, .connectivity, .start, .apitest])
    func `stops the host once the old version is gone`(step: StepName) {
        #expect(response(step) == .stop)
        #expect(response(step, late: .hold) == .hold)
    }

    @Test func `drains again first when users may be on it`() {
        #expect(response(.undrain) == .drainAndStop)
    }

    @Test func `is known for every step`() {
        #expect(StepName.allCases.map(\.phase).count == 9)
        #expect(StepName.allCases.filter { $0.phase == .beforeStop } == [.guard, .drain, .pull])
        #expect(StepName.allCases.filter { $0.phase == .back } == [.undrain])
    }
}
