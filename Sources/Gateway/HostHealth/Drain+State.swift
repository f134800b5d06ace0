import Health

extension CheckConfiguration {
    var id: CheckID { check.id }
}

extension Drain {
    /// The holds in force, as the board takes them.
    init(_ state: DrainState) {
        self.init(
            state.holds.map { hold in
                Hold(
                    owner: hold.owner,
                    reason: hold.reason,
                    since: Int(hold.since.milliseconds / 1000),
                    epoch: hold.epoch
                )
            }
        )
    }
}
