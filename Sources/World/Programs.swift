import Glibc

/// The programs and files a world needs, and where they were found.
package struct Programs: Hashable, Sendable {
    package let envoy: String
    package let healthgate: String
    package let demo: String
    /// The folder with `front.yaml` and `sidecar.yaml`.
    package let configs: String

    /// Looks beside the running program for `healthgate` and `healthgate-demo`; for Envoy in `.venv`
    /// and for the configs in `envoy`, here and in the folders above the running program.
    package static func find(envoy: String? = nil) throws(WorldError) -> Programs {
        var path = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/exe", &path, path.count)
        guard length > 0 else { throw .system("cannot tell where this program is") }
        let bytes = path.prefix(length).map { UInt8(bitPattern: $0) }
        let folders = foldersAbove(String(decoding: bytes, as: UTF8.self))
        let nearby = [currentFolder].compactMap(\.self) + folders
        let program: String
        if let envoy {
            program = envoy
        } else {
            program = try first(nearby, ".venv/bin/envoy", "install it by `make install`")
        }
        return Programs(
            envoy: program,
            healthgate: try first(folders, "healthgate", "build it by `swift build`"),
            demo: try first(folders, "healthgate-demo", "build it by `swift build`"),
            configs: try first(nearby, "envoy/front.yaml", "run from the repository")
                .droppingLastPart
        )
    }

    private static func first(
        _ folders: [String],
        _ name: String,
        _ advice: String
    ) throws(WorldError) -> String {
        for folder in folders where SmallFiles.exists("\(folder)/\(name)") {
            // A folder of that name (`Sources/healthgate`) is no program.
            if !SmallFiles.isFolder("\(folder)/\(name)") { return "\(folder)/\(name)" }
        }
        throw WorldError("no \(name) found; \(advice)")
    }

    private static func foldersAbove(_ path: String) -> [String] {
        var folders: [String] = []
        var rest = path.droppingLastPart
        while !rest.isEmpty {
            folders.append(rest)
            rest = rest.droppingLastPart
        }
        return folders
    }

    private static var currentFolder: String? {
        guard let path = getcwd(nil, 0) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }
}

extension String {
    fileprivate var droppingLastPart: String {
        lastIndex(of: "/").map { String(self[..<$0]) } ?? ""
    }
}
