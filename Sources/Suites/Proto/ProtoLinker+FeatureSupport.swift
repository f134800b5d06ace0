/// `feature_support`: from which edition to which other an option or a value can be used.
extension ProtoLinker {
    /// As `FieldOptions.FeatureSupport` has it.
    struct FeatureSupport {
        var introduced: UInt64?
        var deprecated: UInt64?
        var removed: UInt64?
        var hasWarning: Bool
        var hasRemovalError: Bool

        init?(_ options: ProtoOptions, _ number: Int32) {
            guard let message = options.known.message(number) else { return nil }
            introduced = message.number(1)
            deprecated = message.number(2)
            removed = message.number(4)
            hasWarning = message.fields[3] != nil
            hasRemovalError = message.fields[5] != nil
        }

        /// What makes no sense in it.
        var problem: String? {
            let introduced = introduced ?? 0
            if let deprecated, deprecated < introduced { return "deprecated before introduced" }
            if (deprecated != nil) != hasWarning {
                return "deprecated and deprecation_warning go together"
            }
            if let removed, (deprecated ?? 0) >= removed { return "deprecated after removed" }
            if let removed, removed < introduced { return "removed before introduced" }
            if removed == nil ? hasRemovalError : removed != introduced && !hasRemovalError {
                return "removed and removal_error go together"
            }
            return nil
        }

        /// What is set here in place of what is set for the field.
        func merged(into field: FeatureSupport) -> FeatureSupport {
            var merged = field
            merged.introduced = introduced ?? field.introduced
            merged.deprecated = deprecated ?? field.deprecated
            merged.removed = removed ?? field.removed
            merged.hasWarning = hasWarning || field.hasWarning
            merged.hasRemovalError = hasRemovalError || field.hasRemovalError
            return merged
        }

        /// Whether it is open where the other is not.
        func isWider(than other: FeatureSupport) -> Bool {
            if introduced ?? 0 < other.introduced ?? 0 { return true }
            if let limit = other.removed, removed ?? 0 > limit { return true }
            if let limit = other.deprecated, deprecated ?? 0 > limit { return true }
            return false
        }
    }

    /// A value may not outlive the field that takes it.
    func checkFeatureSupport(of field: FieldNode) {
        guard let support = FeatureSupport(field.options, FieldOption.featureSupport) else {
            return
        }
        if let problem = support.problem { report("\(field.name): \(problem)", field) }
        for value in field.enumType?.values ?? [] {
            let own = FeatureSupport(value.options, EnumValueOption.featureSupport)
            guard let merged = own?.merged(into: support) else { continue }
            if let problem = merged.problem {
                report("value \(value.name): \(problem)", field)
            } else if merged.isWider(than: support) {
                report("value \(value.name) is for more editions than \(field.name)", field)
            }
        }
    }

    func checkFeatureSupport(of value: EnumValueNode) {
        let support = FeatureSupport(value.options, EnumValueOption.featureSupport)
        if let problem = support?.problem { report("\(value.name): \(problem)", value) }
    }

    /// Whether something that `options` belong to can be used in the file.
    func checkLifetime(
        of name: String,
        _ options: ProtoOptions,
        _ number: Int32,
        in file: FileNode,
        at place: ProtoPlace
    ) {
        guard let support = FeatureSupport(options, number) else { return }
        let edition = UInt64(file.edition.rawValue)
        if let introduced = support.introduced, edition < introduced {
            report("\(name) is not yet in \(file.edition.described)", in: file, at: place)
        }
        if let removed = support.removed, edition >= removed {
            report("\(name) is gone in \(file.edition.described)", in: file, at: place)
        }
    }
}
