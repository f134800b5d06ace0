package import YAML

/// Cases against one service, read from YAML and checked against its schema; nothing is called yet.
package struct Suite: Sendable {
    package let name: String
    package let place: YAMLPlace
    package let schema: Schema
    package let service: ServiceType
    /// What `:authority` says for its calls, where it says so itself.
    package let authority: String?
    package let setup: [Case]
    package let cases: [Case]
    /// Run at the end whatever came before.
    package let teardown: [Case]
    /// What `${NAME}` stands for, but for what cases capture.
    let variables: Variables
    let contract: Contract?

    /// All cases, in the order in which they run.
    package var all: [Case] { setup + cases + teardown }
}

/// One call, with what is sent and what is expected.
package struct Case: Sendable {
    /// With the number of its row, where it stands for one row of `each`.
    package let name: String
    package let place: YAMLPlace
    package let method: MethodType
    /// Of the case and of its suite.
    package let tags: Set<String>
    package let timeout: Duration
    package let eventually: Eventually?
    package let captures: [Capture]
    /// The row's own variables.
    let row: [String: YAMLNode]
    let detail: CaseDetail

    /// Repeats a case until it passes.
    package struct Eventually: Hashable, Sendable {
        package let within: Duration
        package let every: Duration
    }

    /// Keeps a value of the answer for later cases.
    package struct Capture: Sendable {
        package let variable: String
        package let place: YAMLPlace
        let path: AnswerPath
    }
}

/// A case as it is written; what it means depends on the variables.
struct CaseDetail: Sendable {
    /// Of the suite, then of the case: the case's win by name.
    var metadata: [YAMLEntry] = []
    /// Nil: one empty message for a method that takes one, none for a stream.
    var requests: [YAMLNode]?
    /// Nil: not tested.
    var responses: [YAMLNode]?
    var script: [ScriptStep]?
    var error: YAMLNode?
    var headers: YAMLNode?
    var trailers: YAMLNode?
    var gzip = false
    let place: YAMLPlace
}

/// One step of a stream's script.
struct ScriptStep: Sendable {
    enum Action: Sendable {
        case send(YAMLNode)
        case expect(YAMLNode, within: Duration?)
        /// Reads until so many answers have come in all.
        case until(Int)
        case close
        case cancel
    }

    let action: Action
    let place: YAMLPlace
}
