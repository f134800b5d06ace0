import Glibc

/// The program that was built beside these tests.
package func programBesideTests() throws -> String {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &path, path.count - 1)
    guard length > 0 else { throw NoProgram() }
    let tests = String(decoding: path.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    return "\(tests[..<(tests.lastIndex(of: "/") ?? tests.endIndex)])/healthgate"
}

private struct NoProgram: Error {}
