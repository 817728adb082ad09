/// Durations in the syntax of Go: `500ms`, `90s`, `1h30m`, `1.5s`, `-2m`, `0`.
package enum GoDuration {
    private static let nanosecondsPerSecond: Int64 = 1_000_000_000

    /// Nanoseconds of each unit; longer names first, so that `ms` is not read as `m`.
    private static let units: [(name: String, nanoseconds: Int64)] = [
        ("ns", 1), ("us", 1000), ("µs", 1000), ("μs", 1000), ("ms", 1_000_000), ("s", 1_000_000_000),
        ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ]

    /// The duration that `text` spells; nil when it is not one or when it does not fit 64 bits of nanoseconds.
    package static func parse(_ text: String) -> Duration? {
        var rest = Substring(text)
        var isNegative = false
        if let sign = rest.first, sign == "-" || sign == "+" {
            isNegative = sign == "-"
            rest = rest.dropFirst()
        }
        if rest == "0" { return .zero }
        guard !rest.isEmpty else { return nil }
        var total: Int64 = 0
        while !rest.isEmpty {
            guard let part = takePart(&rest) else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(part)
            guard !overflow else { return nil }
            total = sum
        }
        return duration(nanoseconds: isNegative ? -total : total)
    }

    package static func duration(nanoseconds: Int64) -> Duration {
        .seconds(nanoseconds / nanosecondsPerSecond) + .nanoseconds(nanoseconds % nanosecondsPerSecond)
    }

    /// Takes one number with its unit.
    private static func takePart(_ rest: inout Substring) -> Int64? {
        let whole = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(whole.count)
        var fraction = Substring()
        if rest.first == "." {
            rest = rest.dropFirst()
            fraction = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(fraction.count)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        guard let unit = units.first(where: { rest.hasPrefix($0.name) }) else { return nil }
        rest = rest.dropFirst(unit.name.count)
        guard let count = whole.isEmpty ? 0 : Int64(whole) else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit.nanoseconds)
        guard !overflow else { return nil }
        let part = (Double("0." + fraction) ?? 0) * Double(unit.nanoseconds)
        let (sum, sumOverflow) = product.addingReportingOverflow(Int64(part))
        return sumOverflow ? nil : sum
    }
}
