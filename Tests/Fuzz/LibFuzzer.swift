import Loop
import TestSupport

#if LIBFUZZER
    /// Runs the inputs that libFuzzer makes, as its arguments say, and ends the process.
    @_silgen_name("LLVMFuzzerRunDriver")
    func runLibFuzzer(
        _ count: UnsafeMutablePointer<Int32>,
        _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
        _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
    ) -> Int32

    /// libFuzzer's own change to an input; the new length.
    @_silgen_name("LLVMFuzzerMutate")
    private func changeBlindly(_ data: UnsafeMutablePointer<UInt8>?, _: Int, _ room: Int) -> Int

    /// libFuzzer asks here for the next input: every other time the target changes it.
    @c(LLVMFuzzerCustomMutator)
    public func change(
        _ data: UnsafeMutablePointer<UInt8>?,
        _ size: Int,
        _ room: Int,
        _ seed: UInt32
    ) -> Int {
        guard seed.isMultiple(of: 2) else { return changeBlindly(data, size, room) }
        let input = Array(UnsafeBufferPointer(start: data, count: size))
        let changed = EventLoop.assumeIsolated { running?.target.mutated(input) } ?? input
        let count = min(changed.count, room)
        let rest = UnsafeMutableBufferPointer(start: data, count: room)
            .update(fromContentsOf: changed[..<count])
        return rest
    }
#else
    func runLibFuzzer(
        _: UnsafeMutablePointer<Int32>,
        _: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
        _: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
    ) -> Int32 {
        print("built without libFuzzer: run make fuzz")
        return 64
    }
#endif
