/// What a file is written in, by the number in `google.protobuf.Edition`.
enum ProtoEdition: Int32, Comparable {
    case proto2 = 998
    case proto3 = 999
    case edition2023 = 1000
    case edition2024 = 1001
    /// What is tried out for the edition to come.
    case unstable = 9999

    /// `edition = "2023"`.
    init?(year: String) {
        switch year {
        case "2023": self = .edition2023
        case "2024": self = .edition2024
        case "UNSTABLE": self = .unstable
        default: return nil
        }
    }

    /// Proto2 and proto3 have keywords where editions have features.
    var isLegacy: Bool { self < .edition2023 }

    static func < (left: ProtoEdition, right: ProtoEdition) -> Bool {
        left.rawValue < right.rawValue
    }

    var described: String {
        switch self {
        case .proto2: "proto2"
        case .proto3: "proto3"
        case .edition2023: "edition 2023"
        case .edition2024: "edition 2024"
        case .unstable: "edition UNSTABLE"
        }
    }
}

/// The features of `google.protobuf.FeatureSet` that a node has, with those it inherits.
struct ProtoFeatures {
    /// Field numbers of `FeatureSet`.
    enum Number: Int32, CaseIterable {
        case fieldPresence = 1, enumType, repeatedFieldEncoding, utf8Validation, messageEncoding
        case jsonFormat, namingStyle, symbolVisibility
    }

    /// By number, from 1 on.
    private var values: [UInt64]

    /// What an edition means when a file says nothing.
    init(_ edition: ProtoEdition = .proto2) {
        values =
            switch edition {
            case .proto2: [1, 2, 2, 3, 1, 2, 2, 1]
            case .proto3: [2, 1, 1, 2, 1, 1, 2, 1]
            case .edition2023: [1, 1, 1, 2, 1, 1, 2, 1]
            case .edition2024: [1, 1, 1, 2, 1, 1, 1, 2]
            case .unstable: [1, 1, 1, 2, 1, 1, 3, 2]
            }
    }

    subscript(_ number: Number) -> UInt64 {
        get { values[Int(number.rawValue) - 1] }
        set { values[Int(number.rawValue) - 1] = newValue }
    }

    mutating func merge(_ set: OptionMessage) {
        for number in Number.allCases {
            if let value = set.number(number.rawValue) { self[number] = value }
        }
    }

    static let implicit: UInt64 = 2
    static let legacyRequired: UInt64 = 3
    static let packed: UInt64 = 1
    static let expanded: UInt64 = 2
    static let delimited: UInt64 = 2

    var isImplicit: Bool { self[.fieldPresence] == Self.implicit }
    var isRequired: Bool { self[.fieldPresence] == Self.legacyRequired }
    var isClosedEnum: Bool { self[.enumType] == 2 }
    var isPacked: Bool { self[.repeatedFieldEncoding] == Self.packed }
    var isDelimited: Bool { self[.messageEncoding] == Self.delimited }
    var isLegacyJSON: Bool { self[.jsonFormat] == 2 }
    var checksNamingStyle: Bool { self[.namingStyle] != 2 }

    enum Visibility: UInt64 { case exportAll = 1, exportTopLevel, localAll, strict }
    var visibility: Visibility { Visibility(rawValue: self[.symbolVisibility]) ?? .exportAll }
}
