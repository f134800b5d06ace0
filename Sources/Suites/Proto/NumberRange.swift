/// Field numbers or enum numbers from one to another, inclusive at both ends.
struct NumberRange {
    /// Stands for `max` until it is known what that is.
    static let upToMax = Int64.max

    let start: Int64
    var end: Int64
    let place: ProtoPlace

    var described: String { start == end ? "\(start)" : "\(start) to \(end)" }
}

/// Ranges in order, so that neither many ranges nor many numbers cost much.
struct SortedRanges {
    private let ranges: [NumberRange]

    init(_ ranges: [NumberRange]) { self.ranges = ranges.sorted { $0.start < $1.start } }

    /// Neighbours that share a number; the later of the file is first.
    var overlaps: [(NumberRange, NumberRange)] {
        zip(ranges, ranges.dropFirst()).filter { $0.end >= $1.start }.map { left, right in
            let isInOrder =
                (left.place.line, left.place.column) < (right.place.line, right.place.column)
            return isInOrder ? (right, left) : (left, right)
        }
    }

    /// The range that holds the number, unless ranges overlap, which is told elsewhere.
    func range(of number: Int64) -> NumberRange? {
        guard let last = ranges[..<ranges.partitioningIndex { $0.start > number }].last else {
            return nil
        }
        return number <= last.end ? last : nil
    }

    /// Pairs of a range here and one of `others` that share a number.
    func overlaps(with others: SortedRanges) -> [(NumberRange, NumberRange)] {
        ranges.compactMap { range in
            if let other = others.range(of: range.start) { return (range, other) }
            let next = others.ranges.partitioningIndex { $0.start > range.start }
            guard next < others.ranges.count, others.ranges[next].start <= range.end else {
                return nil
            }
            return (range, others.ranges[next])
        }
    }
}

extension Array {
    /// The first index whose element, and so all behind it, `belongsBehind`.
    fileprivate func partitioningIndex(_ belongsBehind: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if belongsBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
