import Probes
import YAML

extension ProbeTarget.CertificateExpectation {
    /// What a check of a certificate says beside its URL.
    init(_ url: CheckURL, _ section: YAMLSection) {
        url.refusePath(section)
        let expect = YAMLValue.section { section in
            ProbeTarget.CertificateExpectation(validFor: section.optional("valid_for", .duration()))
        }
        self = section.optional("expect", expect, default: .init())
    }
}
