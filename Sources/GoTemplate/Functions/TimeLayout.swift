import JSON

/// Go's layouts, which show how the reference time Mon Jan 2 15:04:05 MST 2006 would look.
enum TimeLayout {
    enum Element: Hashable {
        case literal(String)
        case longMonth, month, numericMonth, zeroMonth
        case longWeekday, weekday
        case day, underscoreDay, zeroDay, dayOfYear, underscoreDayOfYear
        case hour24, hour12, zeroHour12
        case minute, zeroMinute, second, zeroSecond
        case longYear, year
        case upperPM, lowerPM
        case zoneName
        /// Z for UTC when `isISO`; with colons; with seconds; hours only.
        case offset(isISO: Bool, hasColon: Bool, hasSeconds: Bool, isShort: Bool)
        /// The digits after a separator; the separator is written too.
        case fraction(digits: Int, trims: Bool, separator: UInt8)
    }

    /// Longest first among those that share a beginning.
    private static let words: [(String, Element)] = [
        ("January", .longMonth), ("Jan", .month), ("Monday", .longWeekday), ("Mon", .weekday), ("MST", .zoneName),
        ("002", .dayOfYear), ("01", .zeroMonth), ("02", .zeroDay), ("03", .zeroHour12), ("04", .zeroMinute),
        ("05", .zeroSecond), ("06", .year), ("15", .hour24), ("1", .numericMonth), ("2006", .longYear), ("2", .day),
        ("__2", .underscoreDayOfYear), ("_2", .underscoreDay), ("3", .hour12), ("4", .minute), ("5", .second),
        ("PM", .upperPM), ("pm", .lowerPM),
        ("-07:00:00", .offset(isISO: false, hasColon: true, hasSeconds: true, isShort: false)),
        ("-07:00", .offset(isISO: false, hasColon: true, hasSeconds: false, isShort: false)),
        ("-070000", .offset(isISO: false, hasColon: false, hasSeconds: true, isShort: false)),
        ("-0700", .offset(isISO: false, hasColon: false, hasSeconds: false, isShort: false)),
        ("-07", .offset(isISO: false, hasColon: false, hasSeconds: false, isShort: true)),
        ("Z07:00:00", .offset(isISO: true, hasColon: true, hasSeconds: true, isShort: false)),
        ("Z07:00", .offset(isISO: true, hasColon: true, hasSeconds: false, isShort: false)),
        ("Z070000", .offset(isISO: true, hasColon: false, hasSeconds: true, isShort: false)),
        ("Z0700", .offset(isISO: true, hasColon: false, hasSeconds: false, isShort: false)),
        ("Z07", .offset(isISO: true, hasColon: false, hasSeconds: false, isShort: true)),
    ]

    /// The words by their first byte, in the same order.
    private static let wordsByFirstByte: [[(bytes: [UInt8], element: Element)]] = words.reduce(
        into: Array(repeating: [], count: 256)
    ) { table, word in
        let bytes = Array(word.0.utf8)
        if let first = bytes.first { table[Int(first)].append((bytes, word.1)) }
    }

    static func elements(_ layout: String) -> [Element] {
        let bytes = Array(layout.utf8)
        var elements: [Element] = []
        var literal: [UInt8] = []
        func flush() {
            if !literal.isEmpty { elements.append(.literal(String(decoding: literal, as: UTF8.self))) }
            literal = []
        }
        var index = 0
        scan: while index < bytes.count {
            if let (element, length) = fraction(bytes, at: index) {
                flush()
                elements.append(element)
                index += length
                continue
            }
            // "_2006" is an underscore and a year.
            let isUnderscoreYear = bytes[index] == UInt8(ascii: "_") && bytes[index...].starts(with: "_2006".utf8)
            for (word, element) in wordsByFirstByte[Int(bytes[index])]
            where !isUnderscoreYear && bytes[index...].starts(with: word) {
                // "Jan" does not begin a longer word such as "Janet" in Go either; only lower-case letters matter.
                if element == .month || element == .weekday, let next = bytes.dropFirst(index + 3).first,
                    (0x61...0x7A).contains(next)
                {
                    continue
                }
                flush()
                elements.append(element)
                index += word.count
                continue scan
            }
            literal.append(bytes[index])
            index += 1
        }
        flush()
        return elements
    }

    /// `.000` or `,999` not followed by another digit.
    private static func fraction(_ bytes: [UInt8], at index: Int) -> (Element, Int)? {
        guard bytes[index] == UInt8(ascii: ".") || bytes[index] == UInt8(ascii: ","), index + 1 < bytes.count else {
            return nil
        }
        let digit = bytes[index + 1]
        guard digit == 0x30 || digit == 0x39 else { return nil }
        var end = index + 1
        while end < bytes.count, bytes[end] == digit { end += 1 }
        if end < bytes.count, bytes[end] &- 0x30 <= 9 { return nil }
        return (.fraction(digits: end - index - 1, trims: digit == 0x39, separator: bytes[index]), end - index)
    }

    static let isoDate = elements("2006-01-02")

    static func format(_ time: TimeBox, _ layout: String) -> String { format(time, elements(layout)) }

    static func format(_ time: TimeBox, _ elements: [Element]) -> String {
        let date = time.date
        var output = OutputBuffer()
        output.reserve(elements.count * 8)
        for element in elements {
            // The most frequent ones, without texts on the way.
            switch element {
            case .literal(let text): output.append(text)
            case .longYear where (0...9999).contains(date.year):
                output.append(twoDigits: date.year / 100)
                output.append(twoDigits: date.year % 100)
            case .zeroMonth: output.append(twoDigits: date.month)
            case .zeroDay: output.append(twoDigits: date.day)
            case .hour24: output.append(twoDigits: time.secondOfDay / 3600)
            case .zeroMinute: output.append(twoDigits: time.secondOfDay / 60 % 60)
            case .zeroSecond: output.append(twoDigits: time.secondOfDay % 60)
            default: output.append(text(of: element, time, date))
            }
        }
        return String(decoding: output.bytes, as: UTF8.self)
    }

    static func padded(_ number: Int, _ width: Int, _ fill: Character = "0") -> String {
        let digits = String(abs(number))
        let padding = String(repeating: fill, count: max(0, width - digits.count))
        return (number < 0 ? "-" : "") + padding + digits
    }

    private static func text(of element: Element, _ time: TimeBox, _ date: CivilDate) -> String {
        let hour = time.secondOfDay / 3600
        let hour12 = hour % 12 == 0 ? 12 : hour % 12
        switch element {
        case .literal(let text): return text
        case .longMonth: return CivilDate.monthName(date.month)
        case .month: return String(CivilDate.monthName(date.month).prefix(3))
        case .numericMonth: return String(date.month)
        case .zeroMonth: return padded(date.month, 2)
        case .longWeekday: return CivilDate.weekdays[time.weekday]
        case .weekday: return String(CivilDate.weekdays[time.weekday].prefix(3))
        case .day: return String(date.day)
        case .underscoreDay: return padded(date.day, 2, " ")
        case .zeroDay: return padded(date.day, 2)
        case .dayOfYear: return padded(date.dayOfYear, 3)
        case .underscoreDayOfYear: return padded(date.dayOfYear, 3, " ")
        case .hour24: return padded(hour, 2)
        case .hour12: return String(hour12)
        case .zeroHour12: return padded(hour12, 2)
        case .minute: return String(time.secondOfDay / 60 % 60)
        case .zeroMinute: return padded(time.secondOfDay / 60 % 60, 2)
        case .second: return String(time.secondOfDay % 60)
        case .zeroSecond: return padded(time.secondOfDay % 60, 2)
        case .longYear: return padded(date.year, 4)
        case .year: return padded(((date.year % 100) + 100) % 100, 2)
        case .upperPM: return hour >= 12 ? "PM" : "AM"
        case .lowerPM: return hour >= 12 ? "pm" : "am"
        case .zoneName: return time.zoneName.isEmpty ? numericZone(time.offsetSeconds) : time.zoneName
        case .offset(let isISO, let hasColon, let hasSeconds, let isShort):
            if isISO, time.offsetSeconds == 0 { return "Z" }
            return offset(time.offsetSeconds, hasColon: hasColon, hasSeconds: hasSeconds, isShort: isShort)
        case .fraction(let digits, let trims, let separator):
            return fraction(time.nanoseconds, digits: digits, trims: trims, separator: separator)
        }
    }

    /// The name of a zone that has none.
    private static func numericZone(_ seconds: Int) -> String {
        offset(seconds, hasColon: false, hasSeconds: false, isShort: false)
    }

    private static func offset(_ seconds: Int, hasColon: Bool, hasSeconds: Bool, isShort: Bool) -> String {
        let magnitude = abs(seconds)
        let colon = hasColon ? ":" : ""
        var text = (seconds < 0 ? "-" : "+") + padded(magnitude / 3600, 2)
        if !isShort { text += colon + padded(magnitude / 60 % 60, 2) }
        if hasSeconds { text += colon + padded(magnitude % 60, 2) }
        return text
    }

    private static func fraction(_ nanoseconds: Int, digits: Int, trims: Bool, separator: UInt8) -> String {
        var text = String(padded(nanoseconds, 9).prefix(min(digits, 9)))
        if trims {
            while text.last == "0" { text.removeLast() }
            if text.isEmpty { return "" }
        }
        return String(Character(Unicode.Scalar(separator))) + text
    }
}
