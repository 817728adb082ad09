/// The id of an execution: a random UUID in lower case.
package struct ExecutionID: Hashable, Sendable, CustomStringConvertible {
    package var text: String

    package init(_ text: String) { self.text = text }

    package var description: String { text }
}

/// Microseconds since 1970-01-01T00:00:00Z.
package struct Timestamp: Hashable, Comparable, Sendable {
    package var microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

    /// Whole milliseconds from `earlier` to this moment; never negative.
    package func milliseconds(since earlier: Timestamp) -> Int64 {
        max(0, (microseconds - earlier.microseconds) / 1000)
    }

    package func advanced(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(microseconds: microseconds + seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }

    /// RFC 3339 in UTC with `Z` and milliseconds, e.g. `2026-08-01T10:00:00.123Z`.
    package var rfc3339: String {
        let second: Int64 = 1_000_000
        let day: Int64 = 86_400
        let seconds = microseconds >= 0 ? microseconds / second : (microseconds - second + 1) / second
        let milliseconds = (microseconds - seconds * second) / 1000
        let days = seconds >= 0 ? seconds / day : (seconds - day + 1) / day
        let time = seconds - days * day
        let (year, month, dayOfMonth) = Self.civilDate(daysSince1970: days)
        return "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(dayOfMonth, 2))T"
            + "\(Self.padded(time / 3600, 2)):\(Self.padded(time / 60 % 60, 2)):\(Self.padded(time % 60, 2))"
            + ".\(Self.padded(milliseconds, 3))Z"
    }

    /// The proleptic Gregorian date of a day number, after Howard Hinnant's `civil_from_days`.
    private static func civilDate(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = daysSince1970 + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthIndex + 2) / 5 + 1)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
