import Loop
import TestSupport

/// A real browser, without a window: Debian's `chromium-headless-shell`.
@EventLoop
enum Browser {
    /// Opens a page and waits for what it comes to; then the browser is ended.
    /// - Parameter names: what the browser takes names to resolve to, as `MAP NAME ADDRESS`.
    static func open<Found: Sendable>(
        _ url: String,
        names: String,
        until found: Waiter<Found>
    ) async throws -> Found {
        let profile = try await Subprocess.run(["mktemp", "-d"], until: .now + .seconds(5))
        let folder = String(profile.output.prefix { $0 != "\n" })
        let browser = EventLoop.task {
            let output = try await Subprocess.run(
                [
                    // It ends with this process, however that ends.
                    "setpriv", "--pdeathsig", "KILL", "chromium-headless-shell",
                    // As root, who has no sandbox; the page is ours.
                    "--no-sandbox", "--no-zygote", "--disable-gpu", "--user-data-dir=\(folder)",
                    "--disable-background-networking", "--host-resolver-rules=\(names)",
                    // Without it, the browser ends when the page is loaded.
                    "--remote-debugging-port=0", url,
                ],
                until: .now + .seconds(90)
            )
            found.fulfil(.failure(LoopError(.system, "\(output.exit): \(output.output)")))
        }
        let result: Result<Found, any Error>
        do {
            result = .success(try await found.wait(until: .now + .seconds(90), "hear of the page"))
        } catch {
            result = .failure(error)
        }
        browser.cancel()
        do { try await browser.value } catch let error as LoopError where error.kind == .cancelled {
        }
        _ = try? await Subprocess.run(["rm", "-rf", folder], until: .now + .seconds(5))
        return try result.get()
    }
}
