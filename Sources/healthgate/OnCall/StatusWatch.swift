import Gateway
import HTTP
import Loop
import Release

/// `status --watch`: on a terminal the page, drawn again each second; else a line a change.
@EventLoop
struct StatusWatch {
    let gateway: AskedGateway
    let json: Bool

    func run() async -> Int32 {
        Terminal.isScreen && !json ? await draw() : await tell()
    }

    private func draw() async -> Int32 {
        var page = ""
        var answered = Instant.now
        Terminal.write("\u{1b}[2J")
        while true {
            var text: String
            do throws(AdminFault) {
                page = try await gateway.ask("/", as: .text).shown
                answered = .now
                text = page
            } catch {
                let age = (Instant.now - answered).components.seconds
                let fault = "NO ANSWER for \(age) s: \(gateway.url) \(error.message)"
                text = page.isEmpty ? fault : "\(fault)\n\nBEFORE THAT: \(page)"
            }
            let (columns, rows) = Terminal.size
            let lines = ScreenPage(text, columns: columns, rows: rows).lines
            let drawn = lines.joined(separator: "\u{1b}[K\r\n")
            guard Terminal.write("\u{1b}[H\(drawn)\u{1b}[K\u{1b}[J"), await paused() else {
                return 0
            }
        }
    }

    private func tell() async -> Int32 {
        await EventFollower(gateway: gateway, json: json).run { () throws(AdminFault) in
            if json { return try await gateway.ask("/status", as: .json).shown }
            let page = try await gateway.ask("/", as: .text).shown
            return "\(WallTime.now) \(page.prefix { $0 != "\n" })"
        }
    }
}

/// Follows a gateway's events, through its restarts as well.
@EventLoop
struct EventFollower {
    let gateway: AskedGateway
    let json: Bool

    /// Ends when nobody reads any more.
    ///
    /// - Parameter state: what to say when the link stands; as JSON, at each event instead of it.
    func run(state: (() async throws(AdminFault) -> String)? = nil) async -> Int32 {
        var isLost = false
        var isRead = true
        while isRead {
            do throws(AdminFault) {
                try await gateway.follow(as: json ? .jsonLines : .text) { () throws(AdminFault) in
                    isLost = false
                    if let state { isRead = Terminal.say(try await state()) }
                } onLine: { line throws(AdminFault) in
                    let word = if json, let state { try await state() } else { printable(line) }
                    isRead = Terminal.say(word)
                    if !isRead { throw AdminFault(code: 0, message: "") }
                }
            } catch {
                guard isRead else { break }
                let word = "\(WallTime.now) \(gateway.url) \(error.message)"
                if !isLost { if json { Terminal.complain(word) } else { Terminal.say(word) } }
                isLost = true
            }
            guard await paused() else { break }
        }
        return 0
    }
}

/// Waits a second; false: it is over.
@EventLoop
private func paused() async -> Bool { (try? await EventLoop.sleep(for: .seconds(1))) != nil }
