/// Go's duration texts; durations are nanoseconds.
enum DurationText {
    private static let units: [(String, Double)] = [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
    ]

    static func clamped(seconds: Int) -> Int {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? (seconds < 0 ? .min : .max) : product
    }

    /// `1h30m`, `-1.5s`; nil for other texts and for more than 292 years.
    static func parse(_ text: String) -> Int? {
        var rest = text[...]
        let isNegative = rest.first == "-"
        if isNegative || rest.first == "+" { rest = rest.dropFirst() }
        if rest == "0" { return 0 }
        guard !rest.isEmpty else { return nil }
        var total: Int = 0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !($0.isASCII && ($0.isNumber || $0 == ".")) }
            rest = rest.dropFirst(unit.count)
            guard let scale = units.first(where: { $0.0 == unit })?.1, let part = scaled(number, scale) else {
                return nil
            }
            let (sum, overflow) = total.addingReportingOverflow(part)
            guard !overflow else { return nil }
            total = sum
        }
        return isNegative ? -total : total
    }

    private static func scaled(_ number: Substring, _ scale: Double) -> Int? {
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.contains(where: { !$0.isEmpty }) else { return nil }
        guard let whole = parts[0].isEmpty ? 0 : Int(parts[0]) else { return nil }
        let (product, overflow) = whole.multipliedReportingOverflow(by: Int(scale))
        guard !overflow else { return nil }
        let fraction = parts.count == 2 && !parts[1].isEmpty ? Double("0." + parts[1]) ?? 0 : 0
        let (sum, carry) = product.addingReportingOverflow(Int(fraction * scale))
        return carry ? nil : sum
    }

    /// `1h2m3s`; below a second the unit is ms, µs or ns.
    static func format(_ nanoseconds: Int) -> String {
        if nanoseconds == 0 { return "0s" }
        let sign = nanoseconds < 0 ? "-" : ""
        let magnitude = nanoseconds.magnitude
        if magnitude < 1_000_000_000 {
            let (unit, scale): (String, UInt) =
                magnitude < 1000 ? ("ns", 1) : magnitude < 1_000_000 ? ("µs", 1000) : ("ms", 1_000_000)
            return sign + decimal(magnitude, scale) + unit
        }
        let minutes = magnitude / 60_000_000_000
        var text = decimal(magnitude % 60_000_000_000, 1_000_000_000) + "s"
        if minutes > 0 { text = "\(minutes % 60)m" + text }
        if minutes >= 60 { text = "\(minutes / 60)h" + text }
        return sign + text
    }

    private static func decimal(_ value: UInt, _ scale: UInt) -> String {
        let width = String(scale).count - 1
        var fraction = String(value % scale)
        fraction = String(repeating: "0", count: max(0, width - fraction.count)) + fraction
        while fraction.last == "0" { fraction.removeLast() }
        return String(value / scale) + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// The largest unit only; a unit is used once the value is above one of it.
    static func rounded(_ nanoseconds: Int) -> String {
        let magnitude = nanoseconds.magnitude
        let hour: UInt = 3_600_000_000_000
        let scales: [(String, UInt)] = [
            ("y", hour * 24 * 365), ("mo", hour * 24 * 30), ("d", hour * 24), ("h", hour), ("m", 60_000_000_000),
            ("s", 1_000_000_000),
        ]
        for (unit, scale) in scales where magnitude > scale { return "\(magnitude / scale)\(unit)" }
        return "0s"
    }
}
