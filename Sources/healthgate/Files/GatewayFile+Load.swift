package import Gateway
import Loop
import YAML

extension GatewayFile {
    /// Reads the file at this path. What is legal and probably not meant goes to `warn`.
    @EventLoop
    package static func load(
        _ path: String,
        warn: (String) -> Void
    ) async throws -> GatewayConfiguration {
        guard let bytes = try await Files.read(path) else {
            throw LoopError(.system, "\(path): no such file")
        }
        let file = try read(bytes, file: path)
        for warning in file.warnings { warn("\(warning.place): warning: \(warning.message)") }
        return file.value
    }
}
