/// The answer of a name server (RFC 1035 section 4), reduced to what a question is about.
package struct DNSMessage: Hashable, Sendable {
    package struct Malformed: Error, Hashable, Sendable {
        package let words: String
        init(_ words: String) { self.words = words }
    }

    package struct Record: Hashable, Sendable {
        package let name: DNSName
        package let type: UInt16
        /// As in a zone file; empty for a type that is not asked for here.
        package let value: String
        /// Where an alias leads.
        let alias: DNSName?
    }

    package let id: UInt16
    package let isAnswer: Bool
    /// It was cut off, and is to be asked for again by TCP.
    package let isTruncated: Bool
    package let isAuthoritative: Bool
    /// RFC 1035 section 4.1.1, "RCODE".
    package let code: Int
    /// Nil: a server that refuses may leave out what it was asked.
    package let question: DNSQuestion.Asked?
    package let records: [Record]

    /// Reads a message of a server. Nothing in it can be larger than it says or lead around in a circle.
    package init(_ bytes: [UInt8]) throws(Malformed) {
        var reader = DNSReader(bytes)
        id = try reader.word()
        let flags = try reader.word()
        isAnswer = flags & 0x8000 != 0
        isAuthoritative = flags & 0x0400 != 0
        isTruncated = flags & 0x0200 != 0
        code = Int(flags & 0x000f)
        guard flags & 0x7800 == 0 else { throw Malformed("it is no answer to a question") }
        let questions = try reader.word()
        let answers = try reader.word()
        reader.at = 12
        guard questions <= 1 else { throw Malformed("it answers \(questions) questions") }
        if questions == 1 {
            let name = try reader.name()
            let type = try reader.word()
            let space = try reader.word()
            guard space == 1 else {
                throw Malformed("it is about another network than the Internet")
            }
            question = DNSQuestion.Asked(name: name, type: type)
        } else {
            question = nil
        }
        var records: [Record] = []
        // What is missing of a truncated message comes by TCP.
        if !isTruncated {
            for _ in 0..<answers { records.append(try reader.record()) }
        }
        self.records = records
    }

    /// The values of the type that was asked for, where the name or its aliases lead.
    package func values(for asked: DNSQuestion.Asked) -> [String] {
        var names: Set = [asked.name]
        // A server writes an alias before what it leads to.
        for record in records where names.contains(record.name) {
            if let alias = record.alias { names.insert(alias) }
        }
        return records.filter { $0.type == asked.type && names.contains($0.name) }.map(\.value)
    }
}

/// Takes numbers, names and records off a message.
struct DNSReader {
    private let message: [UInt8]
    var at = 0

    init(_ message: [UInt8]) { self.message = message }

    func byte(at place: Int) throws(DNSMessage.Malformed) -> UInt8 {
        guard message.indices.contains(place) else { throw DNSMessage.Malformed("it is cut short") }
        return message[place]
    }

    func bytes(at place: Int, _ count: Int) throws(DNSMessage.Malformed) -> ArraySlice<UInt8> {
        guard place >= 0, count >= 0, place <= message.count, count <= message.count - place else {
            throw DNSMessage.Malformed("it is cut short")
        }
        return message[place..<place + count]
    }

    mutating func word() throws(DNSMessage.Malformed) -> UInt16 {
        let pair = try bytes(at: at, 2)
        at += 2
        return pair.reduce(0) { $0 << 8 | UInt16($1) }
    }

    mutating func record() throws(DNSMessage.Malformed) -> DNSMessage.Record {
        let name = try name()
        let type = try word()
        at += 6  // class and time to live
        let length = Int(try word())
        let end = at + length
        let data = try bytes(at: at, length)
        let kind = DNSQuestion.RecordType(number: type)
        var value = ""
        var alias: DNSName?
        if let kind { (value, alias) = try self.value(kind, data, end) }
        at = end
        return DNSMessage.Record(name: name, type: type, value: value, alias: alias)
    }

    /// - Parameter data: from `at` to `end`; a name in it may point at what is before.
    private mutating func value(
        _ type: DNSQuestion.RecordType,
        _ data: ArraySlice<UInt8>,
        _ end: Int
    ) throws(DNSMessage.Malformed) -> (String, alias: DNSName?) {
        let value: String
        var alias: DNSName?
        switch type {
        case .a, .aaaa:
            guard let address = ipText(Array(data)), (data.count == 4) == (type == .a) else {
                throw DNSMessage.Malformed("an address has \(data.count) bytes")
            }
            return (address, nil)
        case .txt:
            return (try texts(data), nil)
        case .cname:
            let target = try name()
            alias = target
            value = target.description
        case .ns, .ptr: value = try name().description
        case .mx: value = try "\(word()) \(name())"
        case .srv: value = try "\(word()) \(word()) \(word()) \(name())"
        case .soa:
            let server = try name()
            _ = try name()
            let serial = try bytes(at: at, 4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            value = "\(server), serial \(serial)"
        }
        guard at <= end else { throw DNSMessage.Malformed("a record is longer than it says") }
        return (value, alias)
    }

    /// Strings, each after its length.
    private func texts(_ data: ArraySlice<UInt8>) throws(DNSMessage.Malformed) -> String {
        var rest = data
        var text: [UInt8] = []
        while let count = rest.popFirst() {
            guard Int(count) <= rest.count else { throw DNSMessage.Malformed("it is cut short") }
            text += rest.prefix(Int(count))
            rest = rest.dropFirst(Int(count))
        }
        return legible(String(decoding: text, as: UTF8.self))
    }
}
