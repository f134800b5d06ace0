import Glibc
import Loop
import TestSupport

/// Feeds one of the readers of bytes from outside with what libFuzzer makes of seeds, led by the
/// code that each input reaches: `healthgate-fuzz TARGET [-runs=N] [-max_total_time=S] [-seed=N]`
/// with any option of libFuzzer; `healthgate-fuzz TARGET FILE` reads one input again.
///
/// A fault, a trap, an input that takes 10 s and memory that grows end it; the input is then written
/// to a file and printed.
@main
struct HealthgateFuzz {
    static func main() async { await fuzz() }

    @EventLoop private static func fuzz() async {
        let arguments = CommandLine.arguments.dropFirst()
        guard let name = arguments.first,
            let target = fuzzTargets.first(where: { $0.name == name })
        else {
            for target in fuzzTargets { print(target.name) }
            exit(arguments.isEmpty ? 0 : 64)
        }
        exit(FuzzRun(target.init()).start(Array(arguments.dropFirst())))
    }
}

/// The run of this process: libFuzzer's callbacks have no context.
@EventLoop var running: FuzzRun?

/// One target, and what is counted while libFuzzer feeds it.
@EventLoop
final class FuzzRun {
    var target: any FuzzTarget
    private var executions = 0
    private let start = ContinuousClock.now
    /// Resident megabytes once everything is warm.
    private var warm: Int?
    private static let warmAfter = 100_000
    /// libFuzzer keeps every input that reached something new; that, and no more, may come on top.
    private static let mayGrow = 96

    init(_ target: any FuzzTarget) { self.target = target }

    func start(_ options: [String]) -> Int32 {
        running = self
        guard let folder = try? TemporaryFolder() else { return 70 }
        for (index, seed) in target.seeds.enumerated() {
            guard let file = fopen("\(folder.path)/\(index)", "w") else { return 70 }
            fwrite(seed, 1, seed.count, file)
            fclose(file)
        }
        let isOneInput = options.contains { !$0.hasPrefix("-") }
        let words =
            [
                CommandLine.arguments[0], "-max_len=\(target.maxLength)", "-timeout=10",
                "-rss_limit_mb=1024", "-verbosity=0",
            ] + options + (isOneInput ? [] : [folder.path])
        // For as long as the process lives.
        var count = Int32(words.count)
        let list = UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>
            .allocate(capacity: words.count + 1)
        list.initialize(repeating: nil)
        for (index, word) in words.enumerated() { list[index] = strdup(word) }
        var arguments = list.baseAddress
        // libFuzzer ends by exit(3).
        atexit { EventLoop.assumeIsolated { running?.report() } }
        let result = runLibFuzzer(&count, &arguments) { bytes, count in
            let input = Array(UnsafeBufferPointer(start: bytes, count: count))
            EventLoop.assumeIsolated { running?.execute(input) }
            return 0
        }
        withExtendedLifetime(folder) {}
        return result
    }

    private func execute(_ input: [UInt8]) {
        executions += 1
        if executions == Self.warmAfter { warm = residentMegabytes }
        guard let fault = target.fault(with: input) else { return }
        print("\(type(of: target).name): \(fault)")
        fflush(nil)
        abort()
    }

    private func report() {
        let seconds = (ContinuousClock.now - start).components.seconds
        let now = residentMegabytes
        print(
            "\(type(of: target).name): \(executions) executions in \(seconds) s, 0 faults, "
                + "resident \(warm ?? now) MB then \(now) MB"
        )
        fflush(nil)
        guard let warm, now > warm + Self.mayGrow else { return }
        print("\(type(of: target).name): memory grows")
        fflush(nil)
        _exit(1)
    }

    private var residentMegabytes: Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var text = [CChar](repeating: 0, count: 128)
        fgets(&text, 128, file)
        let words = String(decoding: text.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .split(separator: " ")
        let pages = words.count > 1 ? Int(words[1]) ?? 0 : 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE))) / (1 << 20)
    }
}
