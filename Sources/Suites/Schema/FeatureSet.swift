/// The features of `google.protobuf.FeatureSet` that say how messages behave; proto2 and proto3 are
/// two such sets.
struct FeatureSet: Hashable, Sendable {
    var isExplicit: Bool
    var isRequired = false
    var isClosed: Bool
    var isPacked: Bool
    var verifiesUTF8: Bool
    var isDelimited = false

    static let proto2 = FeatureSet(
        isExplicit: true,
        isClosed: true,
        isPacked: false,
        verifiesUTF8: false
    )
    static let proto3 = FeatureSet(
        isExplicit: false,
        isClosed: false,
        isPacked: true,
        verifiesUTF8: true
    )
    /// Editions 2023 and 2024: in these features they are the same.
    static let editions = FeatureSet(
        isExplicit: true,
        isClosed: false,
        isPacked: true,
        verifiesUTF8: true
    )

    /// Those of what is within, whose `options` may hold features in their field `number`. The name
    /// and file are for the error.
    func refined(
        by options: DescriptorOptions?,
        _ number: OptionNumber,
        of name: String,
        in file: String
    ) throws(SchemaError) -> FeatureSet {
        guard let options else { return self }
        var features = self
        do throws(WireError) {
            try DescriptorFields(WireReader(options.bytes)).each {
                (field, value) throws(WireError) in
                guard field == number.rawValue else { return }
                features = try value.message("features", features.refined)
            }
        } catch {
            throw SchemaError("the options of \(name) cannot be read: \(error)", in: file)
        }
        return features
    }

    private func refined(by set: DescriptorFields) throws(WireError) -> FeatureSet {
        var features = self
        try set.each { (field, value) throws(WireError) in try features.set(field, value) }
        return features
    }

    private mutating func set(
        _ field: Int32,
        _ value: DescriptorFields.Value
    ) throws(WireError) {
        switch field {
        case 1:
            let presence = try value.number()
            (isExplicit, isRequired) = (presence != 2, presence == 3)
        case 2: isClosed = try value.number() == 2
        case 3: isPacked = try value.number() == 1
        case 4: verifiesUTF8 = try value.number() == 2
        case 5: isDelimited = try value.number() == 2
        default: break
        }
    }
}

/// Where the options of each kind of descriptor hold their features.
enum OptionNumber: Int32 {
    case file = 50
    case message = 12
    case field = 21
    case oneof = 1
    case enumeration = 7
}

extension DescriptorOptions {
    /// The last value of a flag among them.
    func flag(_ number: Int32) throws(WireError) -> Bool? {
        var result: Bool?
        try DescriptorFields(WireReader(bytes)).each { (field, value) throws(WireError) in
            if field == number { result = try value.flag() }
        }
        return result
    }
}
