import Loop

/// Answers whose bytes were made before.
extension HTTP2ServerConnection {
    /// Submits a prepared answer; its bytes are read where they lie.
    func answer(_ id: Int32, _ answer: PreparedAnswer, isHead: Bool) {
        guard let session else { return }
        if answers.last !== answer, !answers.contains(where: { $0 === answer }) {
            answers.append(answer)
        }
        session.setContext(id, Unmanaged.passUnretained(answer).toOpaque())
        try? session.respond(id, answer.head, hasBody: !isHead && answer.hasMore)
    }

    func piece(
        _ id: Int32,
        _ answer: PreparedAnswer,
        into buffer: UnsafeMutableRawBufferPointer
    ) -> HTTP2BodyPiece {
        let offset = offsets.isEmpty ? 0 : offsets[id] ?? 0
        let count = min(buffer.count, answer.body.count - offset)
        answer.body.withUnsafeBytes {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count]))
        }
        guard offset + count == answer.body.count else {
            offsets[id] = offset + count
            return .bytes(count)
        }
        guard let trailers = answer.trailers else { return .last(count) }
        session?.trailers(id, trailers)
        return .lastBeforeTrailers(count)
    }
}
