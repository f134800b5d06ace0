extension YAMLValue {
    /// A list, each of whose items is read; all wrong ones are reported.
    package static func list<Item>(
        of item: YAMLValue<Item>,
        atLeast least: Int = 0
    ) -> YAMLValue where Value == [Item] {
        YAMLValue { node, report in
            guard node.hasKnownTag(report) else { return nil }
            guard case .sequence(let nodes) = node.content else {
                report.error("expected a list, found \(node.found)", at: node.place)
                return nil
            }
            guard nodes.count >= least else {
                let want = least == 1 ? "must not be empty" : "must have \(least) items or more"
                report.error(want, at: node.place)
                return nil
            }
            let items = nodes.map { item.read($0, report) }
            return items.contains { $0 == nil } ? nil : items.compactMap { $0 }
        }
    }

    /// A list, or one item for a list of one.
    package static func oneOrMore<Item>(
        of item: YAMLValue<Item>
    ) -> YAMLValue where Value == [Item] {
        YAMLValue { node, report in
            if case .sequence = node.content {
                return list(of: item, atLeast: 1).read(node, report)
            }
            return item.read(node, report).map { [$0] }
        }
    }

    /// A mapping with keys of its own: names of apps, of headers. In the order of the file.
    package static func entries<Item>(
        of item: YAMLValue<Item>
    ) -> YAMLValue where Value == [YAMLNamed<Item>] {
        entries { _, _ in item }
    }

    /// A mapping whose values are read in the light of their keys.
    package static func entries<Item>(
        _ item: @escaping (_ name: String, _ place: YAMLPlace) -> YAMLValue<Item>
    ) -> YAMLValue where Value == [YAMLNamed<Item>] {
        YAMLValue { node, report in
            guard node.hasKnownTag(report) else { return nil }
            guard case .mapping(let entries) = node.content else {
                report.error("expected a mapping, found \(node.found)", at: node.place)
                return nil
            }
            let items = entries.map { entry in
                item(entry.name, entry.key.place).read(entry.value, report)
                    .map { YAMLNamed(name: entry.name, place: entry.key.place, value: $0) }
            }
            return items.contains { $0 == nil } ? nil : items.compactMap { $0 }
        }
    }

    /// A mapping with fixed keys, which `body` asks for one by one. Every key that was not asked
    /// for is an error.
    package static func section(_ body: @escaping (YAMLSection) -> Value?) -> YAMLValue {
        YAMLValue { node, report in
            guard node.hasKnownTag(report) else { return nil }
            guard case .mapping(let entries) = node.content else {
                report.error("expected a mapping, found \(node.found)", at: node.place)
                return nil
            }
            let section = YAMLSection(entries, place: node.place, report: report)
            let value = body(section)
            section.refuseUnasked()
            return value
        }
    }

    /// The value with the place where it stands, for what can only be judged later.
    package var placed: YAMLValue<YAMLPlaced<Value>> {
        YAMLValue<YAMLPlaced<Value>> { node, report in
            read(node, report).map { YAMLPlaced(value: $0, place: node.place) }
        }
    }
}

/// A value under a key that the user chose.
package struct YAMLNamed<Value> {
    package let name: String
    /// Of the key.
    package let place: YAMLPlace
    package let value: Value
}

/// A value and where it stands.
package struct YAMLPlaced<Value> {
    package let value: Value
    package let place: YAMLPlace

    package init(value: Value, place: YAMLPlace) {
        self.value = value
        self.place = place
    }
}
