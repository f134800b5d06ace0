/// Coverage for people: a line a method, what is missing below it.
package struct CoverageText {
    private let coverage: Coverage
    private let isVerbose: Bool

    package init(_ coverage: Coverage, isVerbose: Bool) {
        (self.coverage, self.isVerbose) = (coverage, isVerbose)
    }

    package var lines: [String] {
        var lines: [String] = []
        var service = ""
        for method in coverage.methods {
            if method.service != service {
                service = method.service
                lines.append(service)
            }
            lines.append("  " + line(method))
            guard isVerbose else { continue }
            let fields = method.fields.filter { !method.testedFields.contains($0) }
            if !fields.isEmpty {
                lines.append("      not tested: \(fields.joined(separator: ", "))")
            }
            let values = method.enumValues.filter { !method.testedEnumValues.contains($0) }
            if !values.isEmpty { lines.append("      not seen: \(values.joined(separator: ", "))") }
        }
        let covered = coverage.methods.count(where: \.isCovered)
        let waived = coverage.methods.count { !$0.isCovered && $0.waiver != nil }
        let but = waived == 0 ? "" : ", \(waived) waived"
        lines.append(
            "\(covered) of \(coverage.methods.count) methods\(but): \(percent(coverage.share))"
        )
        return lines
    }

    private func line(_ method: Coverage.Method) -> String {
        if !method.isCovered {
            guard let waiver = method.waiver else { return "-   \(method.name): no case" }
            return
                "~   \(method.name): waived by \(waiver.owner) until \(waiver.until): \(waiver.reason)"
        }
        let tested = method.fields.count { method.testedFields.contains($0) }
        var parts = ["\(method.cases) case\(method.cases == 1 ? "" : "s")"]
        parts.append("\(tested) of \(method.fields.count) fields")
        if !method.enumValues.isEmpty {
            let seen = method.enumValues.count { method.testedEnumValues.contains($0) }
            parts.append("\(seen) of \(method.enumValues.count) enum values")
        }
        let errors = method.errors.sorted().joined(separator: ", ")
        parts.append(errors.isEmpty ? "no error" : errors)
        return "ok  \(method.name): \(parts.joined(separator: ", "))"
    }

    private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded(.down)))%" }
}
