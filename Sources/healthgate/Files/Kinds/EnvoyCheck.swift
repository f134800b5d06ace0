import YAML

extension YAMLSection {
    /// The clusters in which a check of an Envoy wants a healthy host.
    func neededClusters(_ url: CheckURL) -> [String] {
        url.refusePath(self)
        let expect = YAMLValue.section { section in
            section.optional("clusters", .oneOrMore(of: .name), default: [])
        }
        return optional("expect", expect, default: [])
    }
}
