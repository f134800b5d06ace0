import Probes
import YAML

extension ProbeTarget.Disk {
    /// What a check of a file system says beside its path.
    init(_ url: CheckURL, _ section: YAMLSection) {
        let expect = section.optional("expect", .room, default: .init())
        let below = section.optional("degraded_below", .room, default: .init())
        for (low, high, key) in [
            (expect.free, below.free, "free"), (expect.inodes, below.inodes, "inodes"),
        ] where low.map({ high?.isAtMost($0) ?? false }) ?? false {
            section.report.error(
                "\(key) under degraded_below must be more than under expect, where the check fails",
                at: section.place(of: "degraded_below")
            )
        }
        self.init(url.path, expect: expect, degradedBelow: below)
    }
}

extension ProbeTarget.Disk.Amount {
    /// Known for two of the same kind only.
    fileprivate func isAtMost(_ other: Self) -> Bool {
        switch (self, other) {
        case (.count(let one), .count(let other)): one <= other
        case (.share(let one), .share(let other)): one <= other
        default: false
        }
    }
}

extension YAMLValue where Value == ProbeTarget.Disk.Room {
    fileprivate static var room: YAMLValue {
        .section { section in
            ProbeTarget.Disk.Room(
                free: section.optional("free", .amount(.byteSize())),
                inodes: section.optional("inodes", .amount(.int()))
            )
        }
    }
}

extension YAMLValue where Value == ProbeTarget.Disk.Amount {
    /// So many, or a percentage of all.
    fileprivate static func amount(_ count: YAMLValue<Int>) -> YAMLValue {
        YAMLValue { node, report in
            if case .scalar(let scalar) = node.content, scalar.text.hasSuffix("%") {
                return YAMLValue<Double>.percent().read(node, report).map { .share($0) }
            }
            return count.read(node, report).map { .count($0) }
        }
    }
}
