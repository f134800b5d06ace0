/// Likeness of words, for "did you mean".
package enum EditDistance {
    /// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
    static func between(_ left: String, _ right: String) -> Int {
        let left = Array(left.lowercased().utf8)
        let right = Array(right.lowercased().utf8)
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var row = [i + 1]
            for (j, b) in right.enumerated() {
                var best = min(row[j] + 1, last[j + 1] + 1, last[j] + (a == b ? 0 : 1))
                if i > 0, j > 0, a == right[j - 1], left[i - 1] == b {
                    best = min(best, beforeLast[j - 1] + 1)
                }
                row.append(best)
            }
            beforeLast = last
            last = row
        }
        return last[right.count]
    }

    /// The nearest of `words`, if it is near enough to be meant.
    package static func nearest(to word: String, among words: [String]) -> String? {
        // A long word is nobody's slip, and the distance costs its length.
        guard word.utf8.count <= 64 else { return nil }
        let near = words.map { (word: $0, distance: between(word, $0)) }
            .filter { candidate in
                let length = min(word.count, candidate.word.count)
                return candidate.distance <= (length < 3 ? 0 : max(1, length / 3))
            }
        return near.min { ($0.distance, $0.word) < ($1.distance, $1.word) }?.word
    }
}

/// The tail of a message about a word that is not known: the word that was meant, or all there are.
/// `likely` narrows the guess: keys that are not there yet.
package func suggestion(
    for word: String,
    among words: [String],
    likely: [String]? = nil
) -> String {
    if let near = EditDistance.nearest(to: word, among: likely ?? words) {
        return "; did you mean \(near)?"
    }
    return words.isEmpty ? "" : "; known: " + words.sorted().joined(separator: ", ")
}
