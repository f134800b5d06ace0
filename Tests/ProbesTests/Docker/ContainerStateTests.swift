import Health
import Testing

@testable import Probes

/// What a Docker Engine writes of a container, as 20.10 and 28 do, less what is not read.
func containerJSON(_ state: String, restarts: Int = 0) -> String {
    """
    {"Id":"4f5c","Created":"2026-01-01T10:00:00.1Z","Path":"/app","Args":[],"State":{\(state),
    "Pid":1,"StartedAt":"2026-01-01T10:00:01.2Z","FinishedAt":"0001-01-01T00:00:00Z"},
    "Image":"sha256:77","Name":"/app1","RestartCount":\(restarts),"Platform":"linux",
    "HostConfig":{"Memory":1e3,"Ulimits":null},"Config":{"Env":["A=\\"b\\u00e4"],"Tty":false}}
    """
}

private func health(_ status: String, streak: Int = 0, output: String = "") -> String {
    "\"Status\":\"running\",\"Running\":true,\"OOMKilled\":false,\"ExitCode\":0,\"Error\":\"\","
        + "\"Health\":{\"Status\":\"\(status)\",\"FailingStreak\":\(streak),\"Log\":"
        + "[{\"ExitCode\":0,\"Output\":\"old\"},{\"ExitCode\":1,\"Output\":\"\(output)\"}]}"
}

private func stopped(_ status: String, code: Int = 0, memory: Bool = false, error: String = "")
    -> String
{
    "\"Status\":\"\(status)\",\"Running\":false,\"OOMKilled\":\(memory),\"ExitCode\":\(code),"
        + "\"Error\":\"\(error)\""
}

@Suite struct `The state of a container` {
    @Test(
        arguments: [
            (
                "\"Status\":\"running\",\"Running\":true", nil,
                "running, no health check, 2 restarts"
            ),
            (health("healthy"), nil, "running, healthy, 2 restarts"),
            (health("none"), nil, "running, no health check, 2 restarts"),
            (
                health("starting"), (.starting, "its health check has not passed yet"),
                "running, starting, 2 restarts"
            ),
            (
                health("unhealthy", streak: 4, output: "\\ncurl: refused\\nmore"),
                (.notServing, "unhealthy, 4 failures in a row: curl: refused"),
                "running, unhealthy, 2 restarts"
            ),
            (
                stopped("exited", code: 137, memory: true),
                (
                    .notServing,
                    "exited with exit code 137, killed for want of memory (OOM)"
                ), "exited, no health check, 2 restarts"
            ),
            (
                stopped("created", error: "no such file: \\\"/app\\\""),
                (.notServing, "created and never started: no such file: \"/app\""),
                "created, no health check, 2 restarts"
            ),
            (
                stopped("restarting", code: 1),
                (.notServing, "restarting after exit code 1, 2 restarts"),
                "restarting, no health check, 2 restarts"
            ),
            (
                "\"Status\":\"paused\",\"Running\":true", (.notServing, "paused"),
                "paused, no health check, 2 restarts"
            ),
        ] as [(String, (Reason, String)?, String)]
    )
    func `is told in words`(
        state: String,
        failure: (reason: Reason, words: String)?,
        detail: String
    ) throws {
        let json = Array(containerJSON(state, restarts: 2).utf8)
        let (result, words) = try ContainerState(json: json).judge()
        #expect(words == detail)
        if let failure {
            #expect(result == .failed(Outcome.Failure(failure.reason, failure.words)))
        } else {
            #expect(result == .up)
        }
    }

    @Test(arguments: [
        "", "{}", "[]", "null", "<html>", "{\"State\":7}", "{\"State\":{\"ExitCode\":1.5}}",
        "{\"State\":{\"ExitCode\":99999999999999999999}}",
        String(repeating: "[", count: 100_000),
    ])
    func `is not what something else says`(json: String) {
        #expect(throws: ContainerState.Malformed.self) {
            try ContainerState(json: Array(json.utf8))
        }
    }
}
