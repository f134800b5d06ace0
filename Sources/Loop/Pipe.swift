import CLibevent
import Glibc

/// Both ends of a pipe that no other child inherits; the reader does not block.
struct Pipe {
    let reader: Int32
    let writer: Int32

    init() throws(LoopError) {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw .system(errno, "make a pipe") }
        reader = ends[0]
        writer = ends[1]
        _ = fcntl(reader, F_SETFL, O_NONBLOCK)
    }

    func closeWriter() { close(writer) }
}
