/// Puts files in an order in which each comes after those it imports.
enum FileOrder {
    static func sorted(_ files: [FileDescriptor]) throws(SchemaError) -> [FileDescriptor] {
        var byName: [String: FileDescriptor] = [:]
        var names: [String] = []
        for file in files {
            if let earlier = byName.updateValue(file, forKey: file.name) {
                guard earlier == file else {
                    throw SchemaError("given twice, and not the same", in: file.name)
                }
            } else {
                names.append(file.name)
            }
        }
        try addEmbedded(to: &byName, &names)
        var open: [String: Set<String>] = [:]
        var importers: [String: [String]] = [:]
        for name in names {
            open[name] = Set(imports(of: byName[name]))
            for imported in imports(of: byName[name]) {
                importers[imported, default: []].append(name)
            }
        }
        var ready = names.filter { open[$0]?.isEmpty ?? false }
        var sorted: [FileDescriptor] = []
        // By number, not by recursion: a chain of imports may be long.
        while sorted.count < ready.count {
            let name = ready[sorted.count]
            if let file = byName[name] { sorted.append(file) }
            for importer in importers[name] ?? [] where open[importer]?.remove(name) != nil {
                if open[importer]?.isEmpty ?? false { ready.append(importer) }
            }
        }
        guard sorted.count == names.count else {
            let circle = names.filter { !(open[$0]?.isEmpty ?? true) }.sorted()
            let list = circle.joined(separator: ", ")
            throw SchemaError("files that import each other in a circle, or such files: \(list)")
        }
        return sorted
    }

    /// Adds embedded files that are imported and were not given; fails on an import that is neither.
    private static func addEmbedded(
        to byName: inout [String: FileDescriptor],
        _ names: inout [String]
    ) throws(SchemaError) {
        var next = 0
        while next < names.count {
            let name = names[next]
            next += 1
            for imported in imports(of: byName[name]) where byName[imported] == nil {
                guard let file = EmbeddedFiles.file(named: imported) else {
                    throw SchemaError("it imports \(imported), which is not there", in: name)
                }
                byName[imported] = file
                names.append(imported)
            }
        }
    }

    private static func imports(of file: FileDescriptor?) -> [String] {
        // `import option` brings in options alone, which need no types here.
        file?.dependencies ?? []
    }
}
