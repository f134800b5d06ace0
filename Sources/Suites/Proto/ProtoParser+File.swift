import YAML

extension ProtoParser {
    mutating func readFile() throws(ProtoSyntaxError) {
        if at("syntax") || at("edition") { try readEdition() }
        while current.kind != .end {
            if take(";") { continue }
            try readStatement()
        }
    }

    private mutating func readEdition() throws(ProtoSyntaxError) {
        file.editionPlace = current.place
        let isEdition = at("edition")
        advance()
        try expect("=")
        let place = current.place
        let name = try text("the name of a syntax or edition")
        try expect(";")
        switch (isEdition, name) {
        case (false, "proto2"): file.edition = .proto2
        case (false, "proto3"): file.edition = .proto3
        case (false, _):
            throw ProtoSyntaxError(
                "unknown syntax \"\(name)\"; there are proto2 and proto3",
                at: place
            )
        case (true, _):
            guard let edition = ProtoEdition(year: name), edition != .unstable || isOfProtobuf
            else {
                throw ProtoSyntaxError(
                    "edition \"\(name)\" is not known here; 2023 and 2024 are",
                    at: place
                )
            }
            file.edition = edition
        }
    }

    /// Files of protobuf's own tree, which alone may be written in the unstable edition.
    private var isOfProtobuf: Bool {
        ["google/protobuf/", "conformance/test_protos/", "upb/"].contains {
            file.name.hasPrefix($0)
        }
    }

    private mutating func readStatement() throws(ProtoSyntaxError) {
        let visibility = try readVisibility()
        switch current.text {
        case "message" where !isString:
            file.messages.append(try readMessage(in: nil, visibility))
        case "enum" where !isString: file.enums.append(try readEnum(in: nil, visibility))
        case "service" where !isString: file.services.append(try readService())
        case "extend" where !isString:
            try readExtend(in: nil) { (parser, field) in parser.file.extensions.append(field) }
        case "import" where !isString: try readImport()
        case "package" where !isString: try readPackage()
        case "option" where !isString: file.options.written.append(try readOptionStatement())
        default:
            throw ProtoSyntaxError(
                "expected a statement such as message, found \(current.described)"
                    + (current.kind == .identifier
                        ? suggestion(for: current.text, among: Self.statements) : ""),
                at: current.place
            )
        }
    }

    private static let statements = [
        "message", "enum", "service", "extend", "import", "package", "option",
    ]

    private var isString: Bool { current.kind == .string }

    /// `export` and `local` are words since edition 2024 only.
    mutating func readVisibility() throws(ProtoSyntaxError) -> Int32? {
        guard file.edition >= .edition2024, at("export") || at("local") else { return nil }
        let visibility: Int32 = at("local") ? 1 : 2
        let word = current
        advance()
        guard at("message") || at("enum") else {
            throw ProtoSyntaxError("\(word.text) is for messages and enums only", at: word.place)
        }
        return visibility
    }

    private mutating func readPackage() throws(ProtoSyntaxError) {
        guard file.package.isEmpty else {
            throw ProtoSyntaxError("the file has a package already", at: current.place)
        }
        file.packagePlace = current.place
        advance()
        var name = try identifier("a package")
        var count = 1
        while take(".") {
            count += 1
            guard count <= Self.maximumParts else {
                throw ProtoSyntaxError("a name of too many parts", at: current.place)
            }
            name += "." + (try identifier("a name"))
        }
        file.package = name
        try expect(";")
    }

    private mutating func readImport() throws(ProtoSyntaxError) {
        let place = current.place
        advance()
        var kind = ImportNode.Kind.plain
        if take("public") {
            kind = .public
        } else if take("weak") {
            kind = .weak
        } else if take("option") {
            kind = .option
        }
        if kind == .option, file.edition < .edition2024 {
            throw ProtoSyntaxError("import option needs edition 2024", at: place)
        }
        if kind == .weak, file.edition >= .edition2024 {
            throw ProtoSyntaxError(
                "import weak is gone in edition 2024; use import option",
                at: place
            )
        }
        if kind != .option, file.imports.last?.kind == .option {
            throw ProtoSyntaxError("this import must stand before any import option", at: place)
        }
        let path = try text("the file to import, in quotes")
        try expect(";")
        file.imports.append(ImportNode(path: path, kind: kind, place: place))
    }

    // MARK: - Services

    private mutating func readService() throws(ProtoSyntaxError) -> ServiceNode {
        advance()
        let place = current.place
        let service = ServiceNode(try identifier("the service's name"), at: place, in: file)
        try block { (parser) throws(ProtoSyntaxError) in
            if parser.at("option") {
                service.options.written.append(try parser.readOptionStatement())
            } else {
                service.methods.append(try parser.readMethod(of: service))
            }
        }
        return service
    }

    private mutating func readMethod(
        of service: ServiceNode
    ) throws(ProtoSyntaxError) -> MethodNode {
        try expect("rpc")
        let place = current.place
        let name = try identifier("the method's name")
        let input = try readMethodType()
        try expect("returns")
        let output = try readMethodType()
        let method = MethodNode(name, at: place, of: service, input: input, output: output)
        if at("{") {
            method.options.hasBraces = true
            try block { (parser) throws(ProtoSyntaxError) in
                method.options.written.append(try parser.readOptionStatement())
            }
        } else {
            try expect(";")
        }
        return method
    }

    private mutating func readMethodType() throws(ProtoSyntaxError) -> MethodNode.TypeName {
        try expect("(")
        let isStream = take("stream")
        let place = current.place
        let name = try typeName()
        try expect(")")
        return MethodNode.TypeName(name: name, place: place, isStream: isStream)
    }
}
