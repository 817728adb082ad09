/// A point in time with the zone that it is shown in.
final class TimeBox: Equatable, Sendable {
    /// Seconds since 1970, possibly negative.
    let seconds: Int
    /// 0..<1_000_000_000.
    let nanoseconds: Int
    /// East of Greenwich.
    let offsetSeconds: Int
    let zoneName: String

    /// Go's zero time: the first of January of the year 1.
    static let zeroSeconds = -62_135_596_800

    init(seconds: Int, nanoseconds: Int = 0, offsetSeconds: Int = 0, zoneName: String = "UTC") {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
        self.offsetSeconds = offsetSeconds
        self.zoneName = zoneName
    }

    convenience init(seconds: Int, nanoseconds: Int = 0, zone: TimeZoneRule) {
        let (offset, name) = zone.offset(at: seconds)
        self.init(seconds: seconds, nanoseconds: nanoseconds, offsetSeconds: offset, zoneName: name)
    }

    static func == (left: TimeBox, right: TimeBox) -> Bool {
        left.seconds == right.seconds && left.nanoseconds == right.nanoseconds
    }

    /// Structs are always true in Go.
    var isTrue: Bool { true }

    private var localDays: Int { Self.floorDivide(seconds + offsetSeconds, 86400) }
    var date: CivilDate { CivilDate(daysSince1970: localDays) }
    var weekday: Int { CivilDate.weekday(daysSince1970: localDays) }
    /// Seconds since local midnight.
    var secondOfDay: Int { seconds + offsetSeconds - localDays * 86400 }

    static func floorDivide(_ value: Int, _ divisor: Int) -> Int {
        value >= 0 ? value / divisor : (value - divisor + 1) / divisor
    }

    func shown(in zone: TimeZoneRule) -> TimeBox { TimeBox(seconds: seconds, nanoseconds: nanoseconds, zone: zone) }

    /// The time `nanoseconds` later.
    func adding(nanoseconds delta: Int) -> TimeBox {
        let whole = Self.floorDivide(delta, 1_000_000_000)
        let sum = nanoseconds + delta - whole * 1_000_000_000
        let carry = sum >= 1_000_000_000 ? 1 : 0
        return TimeBox(
            seconds: seconds &+ whole &+ carry,
            nanoseconds: sum - carry * 1_000_000_000,
            offsetSeconds: offsetSeconds,
            zoneName: zoneName
        )
    }

    var description: String { TimeLayout.format(self, "2006-01-02 15:04:05.999999999 -0700 MST") }

    var rfc3339: String { TimeLayout.format(self, "2006-01-02T15:04:05.999999999Z07:00") }

    /// What a field or method of the time gives; nil when there is none of this name or not with these arguments.
    func method(_ name: String, _ arguments: [Value]) throws(TemplateError) -> Value? {
        switch (name, arguments.count) {
        case ("Year", 0): return .int(date.year)
        case ("Month", 0): return .integer(Int64(date.month), .month)
        case ("Day", 0): return .int(date.day)
        case ("YearDay", 0): return .int(date.dayOfYear)
        case ("Hour", 0): return .int(secondOfDay / 3600)
        case ("Minute", 0): return .int(secondOfDay / 60 % 60)
        case ("Second", 0): return .int(secondOfDay % 60)
        case ("Nanosecond", 0): return .int(nanoseconds)
        case ("Weekday", 0): return .string(CivilDate.weekdays[weekday])
        case ("Unix", 0): return .int64(Int64(seconds))
        case ("UnixMilli", 0): return .int64(Int64(seconds &* 1000 &+ nanoseconds / 1_000_000))
        case ("UnixMicro", 0): return .int64(Int64(seconds &* 1_000_000 &+ nanoseconds / 1000))
        case ("UnixNano", 0): return .int64(Int64(seconds &* 1_000_000_000 &+ nanoseconds))
        case ("IsZero", 0): return .bool(seconds == Self.zeroSeconds && nanoseconds == 0)
        case ("UTC", 0): return .time(TimeBox(seconds: seconds, nanoseconds: nanoseconds))
        case ("Local", 0): return .time(TimeBox(seconds: seconds, nanoseconds: nanoseconds))
        case ("String", 0): return .string(description)
        case ("Format", 1):
            guard case .string(let layout) = arguments[0] else { throw .wrongKind("Format: expected a string") }
            return .string(TimeLayout.format(self, layout))
        case ("AddDate", 3): return .time(try addingDate(arguments))
        case ("Before", 1), ("After", 1), ("Equal", 1):
            guard case .time(let other) = arguments[0] else { throw .wrongKind("\(name): expected a time") }
            let isBefore = (seconds, nanoseconds) < (other.seconds, other.nanoseconds)
            return .bool(name == "Equal" ? self == other : name == "Before" ? isBefore : !isBefore && self != other)
        default: return nil
        }
    }

    private func addingDate(_ arguments: [Value]) throws(TemplateError) -> TimeBox {
        var numbers: [Int] = []
        for argument in arguments {
            guard case .integer(let number, _) = argument, abs(Double(number)) < 1e9 else {
                throw .wrongKind("AddDate: expected integers")
            }
            numbers.append(Int(number))
        }
        let start = date
        let moved = CivilDate(
            year: start.year + numbers[0],
            month: start.month + numbers[1],
            day: start.day + numbers[2]
        )
        return TimeBox(
            seconds: moved.daysSince1970 * 86400 + secondOfDay - offsetSeconds,
            nanoseconds: nanoseconds,
            offsetSeconds: offsetSeconds,
            zoneName: zoneName
        )
    }
}
