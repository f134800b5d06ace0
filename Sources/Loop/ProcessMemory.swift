import CLibevent
import Glibc

/// The memory of this process: giving back what it does not need now.
///
/// A sidecar's companion is one process a host: what it holds is counted.
package enum ProcessMemory {
    /// Hands back freed heap, wherever it lies (malloc_trim(3)), and all pages of code and constants.
    /// What a start, a reload or a storm of connections alone needed stays away; code that is used
    /// goes on as if nothing had been, after a minor fault each 64 KB (madvise(2), MADV_DONTNEED on
    /// a mapped file). It takes a fraction of a millisecond.
    package static func release() {
        malloc_trim(0)
        _ = dl_iterate_phdr(onObject, nil)
    }
}

// MARK: - Callbacks

/// Only what comes from a file, and is never written: a page that was written cannot come back.
private func onObject(
    _ object: UnsafeMutablePointer<dl_phdr_info>?,
    _: Int,
    _: UnsafeMutableRawPointer?
) -> Int32 {
    guard let object = object?.pointee, isFile(object.dlpi_name) else { return 0 }
    let page = UInt(sysconf(Int32(_SC_PAGESIZE)))
    let segments = UnsafeBufferPointer(start: object.dlpi_phdr, count: Int(object.dlpi_phnum))
    for segment in segments where segment.p_type == PT_LOAD && segment.p_flags & 2 == 0 {  // PF_W
        let begin = UInt(object.dlpi_addr + segment.p_vaddr)
        let start = (begin + page - 1) / page * page
        let end = (begin + UInt(segment.p_memsz)) / page * page
        guard start < end else { continue }
        madvise(UnsafeMutableRawPointer(bitPattern: start), Int(end - start), MADV_DONTNEED)
    }
    return 0
}

/// The program itself has no name; the kernel's own object has one without a path.
private func isFile(_ name: UnsafePointer<CChar>?) -> Bool {
    guard let first = name?.pointee else { return false }
    return first == 0 || first == CChar(bitPattern: UInt8(ascii: "/"))
}
