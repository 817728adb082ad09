/// Reads times by a layout.
struct TimeParser {
    private let bytes: [UInt8]
    private var index = 0
    private var year: Int?
    private var month: Int?
    private var day: Int?
    private var dayOfYear: Int?
    private var hour = 0
    private var minute = 0
    private var second = 0
    private var nanoseconds = 0
    private var isPM: Bool?
    private var offset: Int?
    private var zoneName: String?
    /// The offset in a name such as `GMT+3`.
    private var namedOffset = 0
    /// Whether a Z or `UTC` was read, which wins over every other zone.
    private var isUTC = false

    private init(_ text: String) { bytes = Array(text.utf8) }

    /// The time that the text shows; nil when it does not fit the layout or is no date of the calendar.
    static func parse(_ text: String, layout: String) -> TimeBox? {
        var parser = TimeParser(text)
        let elements = TimeLayout.elements(layout)
        for (position, element) in elements.enumerated() {
            let next = position + 1 < elements.count ? elements[position + 1] : nil
            guard parser.read(element, next: next) else { return nil }
        }
        guard parser.index == parser.bytes.count else { return nil }
        return parser.result()
    }

    private func result() -> TimeBox? {
        var hour = hour
        if let isPM {
            if isPM, hour < 12 { hour += 12 } else if !isPM, hour == 12 { hour = 0 }
        }
        let year = year ?? 0
        var date = CivilDate(year: year, month: month ?? 1, day: day ?? 1)
        if let dayOfYear {
            guard dayOfYear >= 1, dayOfYear <= (CivilDate.isLeap(year) ? 366 : 365) else { return nil }
            let counted = CivilDate(daysSince1970: CivilDate(year: year, month: 1, day: dayOfYear).daysSince1970)
            if let month, month != counted.month { return nil }
            if let day, day != counted.day { return nil }
            date = counted
        }
        guard date.day >= 1, date.day <= CivilDate.days(inMonth: date.month, of: year) else { return nil }
        let local = date.daysSince1970 * 86400 + hour * 3600 + minute * 60 + second
        if isUTC { return TimeBox(seconds: local, nanoseconds: nanoseconds) }
        if let offset {
            let name = offset == 0 && zoneName == nil ? "UTC" : zoneName ?? ""
            return TimeBox(seconds: local - offset, nanoseconds: nanoseconds, offsetSeconds: offset, zoneName: name)
        }
        // An abbreviation without an offset is kept as a name that shifts nothing, as in Go.
        return TimeBox(
            seconds: local,
            nanoseconds: nanoseconds,
            offsetSeconds: namedOffset,
            zoneName: zoneName ?? "UTC"
        )
    }

    private mutating func read(_ element: TimeLayout.Element, next: TimeLayout.Element?) -> Bool {
        switch element {
        case .literal(let text): return skip(Array(text.utf8))
        case .longYear: return number(4...4) { $0.year = $1 }
        case .year: return number(2...2) { $0.year = $1 + ($1 >= 69 ? 1900 : 2000) }
        case .longMonth: return name(CivilDate.months) { $0.month = $1 + 1 }
        case .month: return name(CivilDate.months.map { String($0.prefix(3)) }) { $0.month = $1 + 1 }
        case .numericMonth: return number(1...2, in: 1...12) { $0.month = $1 }
        case .zeroMonth: return number(2...2, in: 1...12) { $0.month = $1 }
        case .longWeekday: return name(CivilDate.weekdays) { _, _ in }
        case .weekday: return name(CivilDate.weekdays.map { String($0.prefix(3)) }) { _, _ in }
        case .day: return number(1...2) { $0.day = $1 }
        case .underscoreDay:
            if peek == 0x20 { index += 1 }
            return number(1...2) { $0.day = $1 }
        case .zeroDay: return number(2...2) { $0.day = $1 }
        case .dayOfYear: return number(3...3) { $0.dayOfYear = $1 }
        case .underscoreDayOfYear:
            while peek == 0x20 { index += 1 }
            return number(1...3) { $0.dayOfYear = $1 }
        case .hour24: return number(1...2, in: 0...23) { $0.hour = $1 }
        case .hour12: return number(1...2, in: 0...12) { $0.hour = $1 }
        case .zeroHour12: return number(2...2, in: 0...12) { $0.hour = $1 }
        case .minute: return number(1...2, in: 0...59) { $0.minute = $1 }
        case .zeroMinute: return number(2...2, in: 0...59) { $0.minute = $1 }
        case .second, .zeroSecond: return readSecond(element, next: next)
        case .upperPM: return half("AM", "PM")
        case .lowerPM: return half("am", "pm")
        case .zoneName: return readZoneName()
        case .offset(let isISO, let hasColon, let hasSeconds, let isShort):
            return readOffset(isISO, hasColon, hasSeconds, isShort)
        case .fraction(let digits, let trims, _):
            return trims ? readFraction(digits: nil) : readFraction(digits: digits)
        }
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skip(_ text: [UInt8]) -> Bool {
        // A space in the layout stands for any number of spaces.
        for byte in text {
            if byte == 0x20 {
                if let peek, peek != 0x20 { return false }
                while peek == 0x20 { index += 1 }
                continue
            }
            guard peek == byte else { return false }
            index += 1
        }
        return true
    }

    private mutating func number(
        _ digits: ClosedRange<Int>,
        in range: ClosedRange<Int>? = nil,
        _ set: (inout TimeParser, Int) -> Void
    ) -> Bool {
        var value = 0
        var count = 0
        while count < digits.upperBound, let byte = peek, byte &- 0x30 <= 9 {
            value = value * 10 + Int(byte - 0x30)
            count += 1
            index += 1
        }
        guard count >= digits.lowerBound, range?.contains(value) ?? true else { return false }
        set(&self, value)
        return true
    }

    private mutating func name(_ names: [String], _ set: (inout TimeParser, Int) -> Void) -> Bool {
        for (position, name) in names.enumerated() {
            let letters = Array(name.utf8)
            guard index + letters.count <= bytes.count,
                zip(letters, bytes[index...]).allSatisfy({ $0 | 0x20 == $1 | 0x20 })
            else { continue }
            index += letters.count
            set(&self, position)
            return true
        }
        return false
    }

    private mutating func half(_ morning: String, _ afternoon: String) -> Bool {
        for (word, value) in [(morning, false), (afternoon, true)] where bytes[index...].starts(with: word.utf8) {
            index += 2
            isPM = value
            return true
        }
        return false
    }

    /// Seconds may be followed by a fraction that the layout does not mention.
    private mutating func readSecond(_ element: TimeLayout.Element, next: TimeLayout.Element?) -> Bool {
        guard number(element == .second ? 1...2 : 2...2, in: 0...59, { $0.second = $1 }) else { return false }
        if case .fraction = next { return true }
        if let byte = peek, byte == UInt8(ascii: ".") || byte == UInt8(ascii: ","), index + 1 < bytes.count,
            bytes[index + 1] &- 0x30 <= 9
        {
            return readFraction(digits: nil)
        }
        return true
    }

    private mutating func readFraction(digits: Int?) -> Bool {
        guard let byte = peek, byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",") else { return digits == nil }
        let start = index + 1
        var end = start
        while end < bytes.count, bytes[end] &- 0x30 <= 9, end - start < digits ?? .max { end += 1 }
        // A fraction that may be left out is left out when no digit follows.
        guard end > start else { return digits == nil }
        guard digits.map({ end - start == $0 }) ?? true else { return false }
        var value = 0
        for position in 0..<9 {
            value = value * 10 + (start + position < end ? Int(bytes[start + position] - 0x30) : 0)
        }
        nanoseconds = value
        index = end
        return true
    }

    private mutating func readZoneName() -> Bool {
        let rest = bytes[index...]
        if rest.starts(with: "UTC".utf8) {
            index += 3
            isUTC = true
            return true
        }
        guard let length = zoneNameLength(rest), length > 0 else { return false }
        zoneName = String(decoding: rest.prefix(length), as: UTF8.self)
        if rest.starts(with: "GMT".utf8), length > 3 { namedOffset = (Int(zoneName?.dropFirst(3) ?? "") ?? 0) * 3600 }
        index += length
        return true
    }

    /// Three to five capitals, mostly with a T at the end; `GMT` may have an offset in hours, which also stands alone.
    private func zoneNameLength(_ rest: ArraySlice<UInt8>) -> Int? {
        guard rest.count >= 3 else { return nil }
        if rest.starts(with: "ChST".utf8) || rest.starts(with: "MeST".utf8) { return 4 }
        if rest.starts(with: "GMT".utf8) { return 3 + signedHoursLength(rest.dropFirst(3)) }
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { return signedHoursLength(rest) }
        let capitals = Array(rest.prefix(6).prefix { (0x41...0x5A).contains($0) })
        switch capitals.count {
        case 3: return 3
        case 4: return capitals[3] == UInt8(ascii: "T") || capitals.elementsEqual("WITA".utf8) ? 4 : nil
        case 5: return capitals[4] == UInt8(ascii: "T") ? 5 : nil
        default: return nil
        }
    }

    /// Zero when there is no sign with up to 23 hours.
    private func signedHoursLength(_ rest: ArraySlice<UInt8>) -> Int {
        guard rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") else { return 0 }
        let digits = rest.dropFirst().prefix { $0 &- 0x30 <= 9 }
        guard let hours = Int(String(decoding: digits, as: UTF8.self)), hours <= 23 else { return 0 }
        return 1 + digits.count
    }

    private mutating func readOffset(_ isISO: Bool, _ hasColon: Bool, _ hasSeconds: Bool, _ isShort: Bool) -> Bool {
        if isISO, peek == UInt8(ascii: "Z") {
            index += 1
            isUTC = true
            return true
        }
        guard let sign = peek, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return false }
        index += 1
        var parts = [0, 0, 0]
        for part in 0..<(isShort ? 1 : hasSeconds ? 3 : 2) {
            if part > 0, hasColon {
                guard peek == UInt8(ascii: ":") else { return false }
                index += 1
            }
            guard number(2...2, in: 0...(part == 0 ? 24 : 60), { _, value in parts[part] = value }) else {
                return false
            }
        }
        let seconds = parts[0] * 3600 + parts[1] * 60 + parts[2]
        offset = sign == UInt8(ascii: "-") ? -seconds : seconds
        return true
    }
}
