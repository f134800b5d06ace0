package import YAML

/// A file of suites, whose types are still to be found.
package struct SuiteDocument {
    /// Of each suite that says what it is.
    let heads: [SuiteHead]
    let report = YAMLReport()
    /// Where its relative paths begin.
    let folder: String

    package init(_ bytes: [UInt8], file: String) throws(YAMLError) {
        let limits = YAMLLimits(bytes: 16 << 20, nodes: 1_000_000)
        let root = try YAMLDocument.parse(bytes, file: file, limits: limits)
        guard case .sequence(let nodes) = root.content, !nodes.isEmpty else {
            throw YAMLError([
                YAMLProblem("expected a list of suites, each with testName", at: root.place)
            ])
        }
        let report = report
        heads = nodes.compactMap { SuiteHead.value.read($0, report) }
        folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? ""
    }

    /// The suites, or all that is wrong with the file.
    ///
    /// - Parameter schema: of a suite by its number; where there is none, it is passed over.
    package func suites(
        _ secrets: Secrets,
        schema: (Int) -> Schema?
    ) throws(YAMLError) -> [Suite] {
        var suites: [Suite] = []
        for (index, head) in heads.enumerated() {
            guard let schema = schema(index) else { continue }
            let variables = Variables(folder: folder, secrets: secrets)
            if let suite = SuiteReader(schema, variables, report).suite(head) {
                suites.append(suite)
            }
        }
        guard report.errors.isEmpty else { throw YAMLError(report.errors) }
        return suites
    }
}
