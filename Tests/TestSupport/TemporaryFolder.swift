import Glibc
import Synchronization

/// A folder of a test's own, removed with what is in it.
package final class TemporaryFolder {
    package let path: String

    package struct Failure: Error {}

    package init() throws {
        var template = Array("/tmp/healthgate-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure() }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { erase(path) }

    /// For one that is held as long as the process lives.
    package func removeAtExit() {
        let isFirst = lasting.withLock { paths in
            paths.append(path)
            return paths.count == 1
        }
        if isFirst { atexit { for path in lasting.withLock({ $0 }) { erase(path) } } }
    }

    package var names: [String] { entries(of: path) }
}

private let lasting = Mutex<[String]>([])

private func erase(_ path: String) {
    for name in entries(of: path) { unlink("\(path)/\(name)") }
    rmdir(path)
}

private func entries(of path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names
}
