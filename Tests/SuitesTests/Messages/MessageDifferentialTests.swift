import Glibc
import Loop
import Suites
import Testing

/// The same messages, read by us and by Python's protobuf.
///
/// `HEALTHGATE_DIFFERENTIAL=N` reads N valid ones and N mutants of each type and prints the figures;
/// `HEALTHGATE_DESCRIPTOR_SET=FILE` takes the types of a descriptor set whose names begin with
/// `TestAllTypes`.
@Suite struct `Next to Python's protobuf, a dynamic message` {
    @Test func `is refused, taken and understood alike`() async throws {
        let wanted = variable("HEALTHGATE_DIFFERENTIAL").flatMap { Int($0) }
        var schema = try AllTypes.schema()
        var types = schema.messageNames.filter { $0.hasSuffix(".All") }
        if let path = variable("HEALTHGATE_DESCRIPTOR_SET") {
            let bytes = try #require(try await Files.read(path))
            schema = try Schema(try DescriptorSet.decode(bytes))
            types = schema.messageNames.filter { $0.contains(/\.TestAllTypes\w+$/) }
        }
        try #require(!types.isEmpty)
        for type in types.compactMap({ schema.message(named: $0) }) {
            try await compare(type, in: schema, count: wanted ?? 2000, prints: wanted != nil)
        }
    }

    private func compare(
        _ type: MessageType,
        in schema: Schema,
        count: Int,
        prints: Bool
    ) async throws {
        var generator = MessageGenerator(schema, seed: 1)
        var (agreed, refused, zeros) = (0, 0, 0)
        for start in stride(from: 0, to: count, by: 5000) {
            var questions: [PythonMessages.Question] = []
            for _ in start..<min(count, start + 5000) {
                let valid = generator.message(type)
                questions.append(.init(valid, type, in: schema))
                questions.append(.init(generator.mutant(of: valid), type, in: schema))
            }
            let answers = try await PythonMessages.answers(questions, files: schema.files)
            try #require(answers.count == questions.count)
            for (question, answer) in zip(questions, answers) {
                if answer == "refused" { refused += 1 }
                if answer == question.expected {
                    agreed += 1
                    continue
                }
                // Within groups that it does not know, Python does not mind it.
                if case .failure(let error) = question.ours, error.fault.contains("number 0") {
                    zeros += 1
                    continue
                }
                Issue.record(
                    "\(type.fullName) \(question.bytes): theirs \(answer), ours \(question.ours)"
                )
            }
        }
        // Else the comparison would not have been one.
        #expect(refused > count / 10 && refused < count * 3 / 2)
        if prints {
            print(
                "\(type.fullName): \(2 * count) messages, \(agreed) alike, \(refused) refused, \(zeros) with a number 0"
            )
        }
    }

    private func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
