/// A zone as POSIX writes it, such as `CET-1CEST,M3.5.0,M10.5.0/3`.
struct PosixZone: Sendable {
    private enum Day {
        /// The n-th weekday of a month; week 5 is the last.
        case weekday(month: Int, week: Int, weekday: Int)
        /// 1 to 365; the leap day does not count.
        case withoutLeapDay(Int)
        /// 0 to 365.
        case counted(Int)
    }

    private struct Change {
        var day: Day
        /// Seconds behind local midnight.
        var second: Int
    }

    private var standard: (offset: Int, name: String)
    private var summer: (offset: Int, name: String, start: Change, end: Change)?

    /// Nil when the text is no such zone.
    init?(_ bytes: [UInt8]) {
        var reader = Reader(bytes: bytes)
        guard let name = reader.name(), let offset = reader.time() else { return nil }
        standard = (-offset, name)
        guard !reader.isAtEnd else { return }
        guard let summerName = reader.name() else { return nil }
        var summerOffset = 3600 - offset
        if !reader.isAtEnd, !reader.skip(",") {
            guard let given = reader.time() else { return nil }
            summerOffset = -given
            _ = reader.skip(",")
        }
        if reader.isAtEnd { reader = Reader(bytes: Array("M3.2.0,M11.1.0".utf8)) }
        guard let start = reader.change(), reader.skip(","), let end = reader.change(), reader.isAtEnd else {
            return nil
        }
        summer = (summerOffset, summerName, start, end)
    }

    // MARK: Reading

    private struct Reader {
        let bytes: [UInt8]
        var index = 0

        var isAtEnd: Bool { index >= bytes.count }

        mutating func skip(_ letter: Unicode.Scalar) -> Bool {
            guard !isAtEnd, bytes[index] == UInt8(ascii: letter) else { return false }
            index += 1
            return true
        }

        mutating func name() -> String? {
            let isQuoted = skip("<")
            let letters = bytes[index...].prefix { byte in
                isQuoted ? byte != UInt8(ascii: ">") : (byte | 0x20) &- 0x61 < 26
            }
            index += letters.count
            guard !letters.isEmpty, !isQuoted || skip(">") else { return nil }
            return String(decoding: letters, as: UTF8.self)
        }

        mutating func number() -> Int? {
            let digits = bytes[index...].prefix { $0 &- 0x30 <= 9 }
            index += digits.count
            return digits.count > 6 ? nil : Int(String(decoding: digits, as: UTF8.self))
        }

        /// Hours, minutes and seconds with an optional sign, in seconds.
        mutating func time() -> Int? {
            let isNegative = skip("-")
            if !isNegative { _ = skip("+") }
            guard var seconds = number() else { return nil }
            seconds *= 3600
            for scale in [60, 1] {
                guard skip(":") else { break }
                guard let part = number() else { return nil }
                seconds += part * scale
            }
            return isNegative ? -seconds : seconds
        }

        mutating func change() -> Change? {
            let day: Day
            if skip("M") {
                guard let month = number(), (1...12).contains(month), skip("."), let week = number(),
                    (1...5).contains(week), skip("."), let weekday = number(), (0...6).contains(weekday)
                else { return nil }
                day = .weekday(month: month, week: week, weekday: weekday)
            } else if skip("J") {
                guard let count = number() else { return nil }
                day = .withoutLeapDay(count)
            } else {
                guard let count = number() else { return nil }
                day = .counted(count)
            }
            guard skip("/") else { return Change(day: day, second: 7200) }
            return time().map { Change(day: day, second: $0) }
        }
    }

    // MARK: Looking up

    func offset(at seconds: Int) -> (Int, String) {
        guard let summer else { return standard }
        let year = CivilDate(daysSince1970: AbsoluteTime(seconds).days).year
        let start = moment(summer.start, year, offset: standard.offset)
        let end = moment(summer.end, year, offset: summer.offset)
        // South of the equator summer goes over the new year.
        let isSummer = start < end ? seconds >= start && seconds < end : seconds >= start || seconds < end
        return isSummer ? (summer.offset, summer.name) : standard
    }

    /// When the change comes in a year, where clocks are at `offset` before it.
    private func moment(_ change: Change, _ year: Int, offset: Int) -> Int {
        let newYear = CivilDate(year: year, month: 1, day: 1).daysSince1970
        let day: Int
        switch change.day {
        case .counted(let count): day = newYear + count
        case .withoutLeapDay(let count): day = newYear + count - (CivilDate.isLeap(year) && count >= 60 ? 0 : 1)
        case .weekday(let month, let week, let weekday):
            let first = CivilDate(year: year, month: month, day: 1).daysSince1970
            let wanted = first + (weekday - CivilDate.weekday(daysSince1970: first) + 7) % 7 + (week - 1) * 7
            day = wanted < first + CivilDate.days(inMonth: month, of: year) ? wanted : wanted - 7
        }
        return day &* 86400 &+ change.second &- offset
    }
}
