/// Dates and times. Source: RFC 3339, section 5.6.
enum DateFormat {
    static func isDate(_ bytes: Bytes) -> Bool {
        var bytes = bytes
        return skipDate(&bytes) && bytes.isAtEnd
    }

    static func isTime(_ bytes: Bytes) -> Bool {
        var bytes = bytes
        return skipTime(&bytes) && bytes.isAtEnd
    }

    static func isDateTime(_ bytes: Bytes) -> Bool {
        var bytes = bytes
        return skipDate(&bytes) && bytes.skip(letter: UInt8(ascii: "t")) && skipTime(&bytes) && bytes.isAtEnd
    }

    private static func skipDate(_ bytes: inout Bytes) -> Bool {
        guard let year = bytes.number(digits: 4), bytes.skip(UInt8(ascii: "-")),
            let month = bytes.number(digits: 2), bytes.skip(UInt8(ascii: "-")),
            let day = bytes.number(digits: 2)
        else { return false }
        return (1...12).contains(month) && day >= 1 && day <= days(in: month, of: year)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func skipTime(_ bytes: inout Bytes) -> Bool {
        guard let hour = bytes.number(digits: 2), bytes.skip(UInt8(ascii: ":")),
            let minute = bytes.number(digits: 2), bytes.skip(UInt8(ascii: ":")),
            let second = bytes.number(digits: 2), hour < 24, minute < 60, second <= 60
        else { return false }
        if bytes.skip(UInt8(ascii: ".")) { guard bytes.skipDigits() > 0 else { return false } }
        guard let offset = skipOffset(&bytes) else { return false }
        // A leap second is inserted at the end of a day in UTC.
        let inUTC = ((hour * 60 + minute - offset) % 1440 + 1440) % 1440
        return second < 60 || inUTC == 1439
    }

    /// Minutes from UTC.
    private static func skipOffset(_ bytes: inout Bytes) -> Int? {
        if bytes.skip(letter: UInt8(ascii: "z")) { return 0 }
        let isNegative = bytes.next == UInt8(ascii: "-")
        guard bytes.skip(UInt8(ascii: "+")) || bytes.skip(UInt8(ascii: "-")),
            let hours = bytes.number(digits: 2), bytes.skip(UInt8(ascii: ":")),
            let minutes = bytes.number(digits: 2), hours < 24, minutes < 60
        else { return nil }
        return (hours * 60 + minutes) * (isNegative ? -1 : 1)
    }
}

/// Durations. Source: RFC 3339, appendix A: units may be left out at either end, not in between.
enum DurationFormat {
    private static let dateUnits: [UInt8] = [UInt8(ascii: "Y"), UInt8(ascii: "M"), UInt8(ascii: "D")]
    private static let timeUnits: [UInt8] = [UInt8(ascii: "H"), UInt8(ascii: "M"), UInt8(ascii: "S")]

    static func isDuration(_ bytes: Bytes) -> Bool {
        var bytes = bytes
        guard bytes.skip(UInt8(ascii: "P")), !bytes.isAtEnd else { return false }
        if bytes.next == UInt8(ascii: "T") { return skipTime(&bytes) }
        var weeks = bytes
        if weeks.skipDigits() > 0, weeks.skip(UInt8(ascii: "W")) { return weeks.isAtEnd }
        guard skip(dateUnits, &bytes) else { return false }
        return bytes.isAtEnd || skipTime(&bytes)
    }

    private static func skipTime(_ bytes: inout Bytes) -> Bool {
        bytes.skip(UInt8(ascii: "T")) && skip(timeUnits, &bytes) && bytes.isAtEnd
    }

    /// Takes one or more numbers whose units follow each other without a gap.
    private static func skip(_ units: [UInt8], _ bytes: inout Bytes) -> Bool {
        var allowed = units[...]
        var isFirst = true
        while let next = bytes.next, next.isDigit {
            _ = bytes.skipDigits()
            guard let unit = bytes.next, let position = allowed.firstIndex(of: unit) else { return false }
            guard isFirst || position == allowed.startIndex else { return false }
            bytes.advance()
            allowed = allowed[(position + 1)...]
            isFirst = false
        }
        return !isFirst
    }
}
