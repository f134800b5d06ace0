import Loop

/// Lines of metrics, escaped as the format wants.
struct MetricsPage {
    enum Kind: String { case gauge, counter, histogram }

    private(set) var text = ""
    private var name = ""

    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    @EventLoop
    mutating func add(_ delays: ProbeDelays) {
        var sum = 0
        for (index, count) in delays.counts.enumerated() {
            sum += count
            let isLast = index == ProbeDelays.bounds.count
            let bound = isLast ? "+Inf" : "\(ProbeDelays.bounds[index])"
            text += "\(name)_bucket{le=\"\(bound)\"} \(sum)\n"
        }
        text += "\(name)_sum \(delays.total / .seconds(1))\n\(name)_count \(sum)\n"
    }

    mutating func add(_ labels: [(String, String)], _ value: Double) {
        let inside = labels.map { "\($0.0)=\"\(escaped($0.1))\"" }.joined(separator: ",")
        let number = value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
        text += inside.isEmpty ? "\(name) \(number)\n" : "\(name){\(inside)} \(number)\n"
    }

    private func escaped(_ value: String) -> String {
        var escaped = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
