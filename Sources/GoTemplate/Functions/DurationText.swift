/// Go's duration texts; durations are nanoseconds.
enum DurationText {
    private static let units: [(String, UInt)] = [
        ("ns", 1), ("us", 1000), ("µs", 1000), ("μs", 1000), ("ms", 1_000_000), ("s", 1_000_000_000),
        ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ]

    /// The duration rounded to whole seconds, half away from zero; the extremes stay.
    static func wholeSeconds(_ nanoseconds: Int) -> Int {
        let rest = nanoseconds % 1_000_000_000
        let down = nanoseconds - rest
        guard abs(rest) >= 500_000_000 else { return down }
        let (sum, overflow) = down.addingReportingOverflow(rest < 0 ? -1_000_000_000 : 1_000_000_000)
        return overflow ? (rest < 0 ? .min : .max) : sum
    }

    /// `1h30m`, `-1.5s`; nil for other texts and for more than 292 years.
    static func parse(_ text: String) -> Int? {
        var rest = Array(text.utf8)[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        if rest.elementsEqual([0x30]) { return 0 }
        guard !rest.isEmpty else { return nil }
        let limit = UInt(Int.max) + 1
        var total: UInt = 0
        func isPartOfNumber(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 || byte == UInt8(ascii: ".") }
        while !rest.isEmpty {
            let number = rest.prefix(while: isPartOfNumber)
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !isPartOfNumber($0) }
            rest = rest.dropFirst(unit.count)
            guard let scale = units.first(where: { $0.0.utf8.elementsEqual(unit) })?.1,
                let part = scaled(number, scale), part <= limit - total
            else { return nil }
            total += part
        }
        if isNegative { return total == limit ? .min : -Int(total) }
        return Int(exactly: total)
    }

    private static func scaled(_ number: ArraySlice<UInt8>, _ scale: UInt) -> UInt? {
        let parts = number.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.contains(where: { !$0.isEmpty }) else { return nil }
        guard let whole = parts[0].isEmpty ? 0 : UInt(String(decoding: parts[0], as: UTF8.self)) else { return nil }
        let (product, overflow) = whole.multipliedReportingOverflow(by: scale)
        guard !overflow else { return nil }
        var (fraction, divisor): (UInt, Double) = (0, 1)
        for digit in parts.count == 2 ? parts[1] : [] {
            // Further digits are too small to count.
            guard fraction <= (UInt(Int.max) - 9) / 10 else { break }
            fraction = fraction * 10 + UInt(digit - 0x30)
            divisor *= 10
        }
        return product + UInt(Double(fraction) * (Double(scale) / divisor))
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
