import Loop
import Probes
import YAML

extension ProbeTarget.Container {
    /// What a check of a container says beside its name.
    init(_ url: CheckURL, _ section: YAMLSection) {
        section.refuse(
            "expect",
            "a container is expected to run, and to be healthy if it can say so"
        )
        let socket = section.optional(
            "socket",
            YAMLValue<String>.absolutePath.map { path throws(YAMLMismatch) in
                guard SocketAddress("unix:\(path)") != nil else {
                    throw YAMLMismatch("no socket has so long a path")
                }
                return path
            },
            default: ProbeTarget.Container.usualSocket
        )
        self.init(url.path, socket: socket)
    }
}
