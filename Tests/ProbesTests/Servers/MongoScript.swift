@testable import Probes

/// What a MongoDB server says, after its documents.
enum MongoScript {
    static func document(_ fields: [UInt8]) -> [UInt8] {
        BSON.int(fields.count + 5) + fields + [0]
    }

    static func text(_ name: String, _ value: String) -> [UInt8] {
        [0x02] + Array(name.utf8) + [0] + BSON.int(value.utf8.count + 1) + Array(value.utf8) + [0]
    }

    static func bool(_ name: String, _ value: Bool) -> [UInt8] {
        [0x08] + Array(name.utf8) + [0, value ? 1 : 0]
    }

    static let ok: [UInt8] = [0x01] + Array("ok".utf8) + [0, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]
    static let hosts: [UInt8] =
        [0x04] + Array("hosts".utf8) + [0] + document(text("0", "a:27017"))

    static func answer(_ fields: [UInt8]) -> [UInt8] {
        let body: [UInt8] = [0, 0, 0, 0, 0] + document(fields)
        return [body.count + 16, 7, 1, 2013].flatMap { BSON.int($0) } + body
    }

    static let primary = answer(
        text("setName", "rs0") + hosts + bool("isWritablePrimary", true) + ok
    )
    static let secondary = answer(bool("secondary", true) + ok)
    static let neither = answer(bool("isWritablePrimary", false) + ok)
}
