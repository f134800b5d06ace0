/// What of a list answers to what was expected: the longest row of matches, and around it what is
/// missing, too many, or another in the same place.
struct Alignment {
    enum Step: Hashable {
        /// The expected and the found one that stand in each other's place, alike or not.
        case pair(Int, Int)
        case missing(Int)
        case extra(Int)
    }

    private(set) var steps: [Step] = []
    /// Longer lists are compared place by place: the table would grow with the square.
    private static let most = 300

    init(_ expected: Int, _ found: Int, _ isAlike: (Int, Int) -> Bool) {
        guard max(expected, found) <= Self.most else {
            for index in 0..<max(expected, found) {
                steps.append(
                    index >= found
                        ? .missing(index) : index >= expected ? .extra(index) : .pair(index, index)
                )
            }
            return
        }
        let alike = (0..<expected).map { row in (0..<found).map { isAlike(row, $0) } }
        var longest = [[Int]](
            repeating: [Int](repeating: 0, count: found + 1),
            count: expected + 1
        )
        for row in stride(from: expected - 1, through: 0, by: -1) {
            for column in stride(from: found - 1, through: 0, by: -1) {
                longest[row][column] =
                    alike[row][column]
                    ? longest[row + 1][column + 1] + 1
                    : max(longest[row + 1][column], longest[row][column + 1])
            }
        }
        var (row, column) = (0, 0)
        var gap: (expected: [Int], found: [Int]) = ([], [])
        while row < expected || column < found {
            if row < expected, column < found, alike[row][column] {
                fill(&gap)
                steps.append(.pair(row, column))
                row += 1
                column += 1
            } else if column == found
                || (row < expected && longest[row + 1][column] >= longest[row][column + 1])
            {
                gap.expected.append(row)
                row += 1
            } else {
                gap.found.append(column)
                column += 1
            }
        }
        fill(&gap)
    }

    /// Between two matches: those that stand in each other's place, then what is left of either.
    private mutating func fill(_ gap: inout (expected: [Int], found: [Int])) {
        let pairs = min(gap.expected.count, gap.found.count)
        for index in 0..<pairs { steps.append(.pair(gap.expected[index], gap.found[index])) }
        steps += gap.expected.dropFirst(pairs).map { .missing($0) }
        steps += gap.found.dropFirst(pairs).map { .extra($0) }
        gap = ([], [])
    }
}
