extension ProtoLinker {
    /// Checks the numbers and reserved names of a message, before any type is known.
    func checkNumbers(of node: MessageNode) {
        let reserved = SortedRanges(node.reservedRanges)
        let extensions = node.extensionNumbers
        checkRanges(node, node.reservedRanges, "reserved", minimum: 1)
        checkRanges(node, node.extensionRanges.map(\.range), "extension", minimum: 1)
        for (range, other) in extensions.overlaps(with: reserved) {
            report(
                "extension range \(range.described) overlaps reserved \(other.described)",
                node,
                at: range.place
            )
        }
        let reservedNames = checkReservedNames(of: node, node.reservedNames)
        var seen: [Int32: FieldNode] = [:]
        for field in node.fields {
            if let other = seen.updateValue(field, forKey: field.number) {
                report(
                    "number \(field.number) is taken by \(other.name); \(nextNumber(node))",
                    field,
                    at: field.numberPlace
                )
            }
            checkNumber(of: field)
            if let range = extensions.range(of: Int64(field.number)) {
                let message = "number \(field.number) is of extensions \(range.described)"
                report(message, field, at: field.numberPlace)
            }
            if reserved.range(of: Int64(field.number)) != nil {
                report(
                    "number \(field.number) is reserved; \(nextNumber(node))",
                    field,
                    at: field.numberPlace
                )
            }
            if reservedNames.contains(field.name) { report("\(field.name) is reserved", field) }
        }
        for field in node.extensions { checkNumber(of: field) }
        let filled = Set(node.fields.map(\.oneofIndex))
        for (index, oneof) in node.oneofs.enumerated() where !filled.contains(index) {
            report("a oneof must have a field", oneof)
        }
    }

    func checkNumber(of field: FieldNode) {
        if field.number <= 0 {
            report("a field's number is 1 or more", field, at: field.numberPlace)
        } else if field.number > FieldNode.maximumNumber, !field.isExtension {
            let message = "a field's number is at most \(FieldNode.maximumNumber)"
            report(message, field, at: field.numberPlace)
        } else if (19000...19999).contains(field.number) {
            let message = "numbers 19000 to 19999 are kept for protobuf itself"
            report(message, field, at: field.numberPlace)
        }
        if field.defaultValue != nil, field.isRepeated {
            report("a repeated field has no default", field, at: field.defaultPlace)
        }
        if field.label == .required, field.isExtension {
            report("an extension cannot be required", field)
        }
    }

    private func nextNumber(_ node: MessageNode) -> String {
        let taken = node.fields.map {
            NumberRange(start: Int64($0.number), end: Int64($0.number), place: $0.place)
        }
        let ranges = taken + node.reservedRanges + node.extensionRanges.map(\.range)
        var next: Int64 = 1
        for range in ranges.sorted(by: { $0.start < $1.start }) {
            guard range.start <= next else { break }
            next = max(next, range.end + 1)
        }
        let isFree = next <= FieldNode.maximumNumber
        return isFree ? "the next free number is \(next)" : "no number is free"
    }

    private func checkRanges(
        _ node: ProtoNode,
        _ ranges: [NumberRange],
        _ kind: String,
        minimum: Int64
    ) {
        for range in ranges {
            if range.start < minimum {
                report("\(kind) numbers are \(minimum) or more", node, at: range.place)
            }
            if range.start > range.end {
                report("the \(kind) range ends before it begins", node, at: range.place)
            }
        }
        for (range, other) in SortedRanges(ranges).overlaps {
            let message = "\(kind) range \(range.described) overlaps \(other.described)"
            report(message, node, at: range.place)
        }
    }

    private func checkReservedNames(of node: ProtoNode, _ names: [ReservedName]) -> Set<String> {
        var seen: Set<String> = []
        for name in names where !seen.insert(name.name).inserted {
            report("\(name.name) is reserved already", node, at: name.place)
        }
        return seen
    }

    /// The same of an enum.
    func checkNumbers(of node: EnumNode) {
        if node.values.isEmpty { report("an enum must have a value", node) }
        checkRanges(node, node.reservedRanges, "reserved", minimum: Int64(Int32.min))
        let reserved = SortedRanges(node.reservedRanges)
        let names = checkReservedNames(of: node, node.reservedNames)
        for value in node.values {
            if reserved.range(of: Int64(value.number)) != nil {
                report("number \(value.number) is reserved", value, at: value.numberPlace)
            }
            if names.contains(value.name) { report("\(value.name) is reserved", value) }
        }
    }
}
