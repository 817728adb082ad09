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

    convenience init(seconds: Int, nanoseconds: Int = 0, zone: ClockZone) {
        let (offset, name) = zone.offset(at: seconds)
        self.init(seconds: seconds, nanoseconds: nanoseconds, offsetSeconds: offset, zoneName: name)
    }

    static func == (left: TimeBox, right: TimeBox) -> Bool {
        left.seconds == right.seconds && left.nanoseconds == right.nanoseconds
    }

    /// Structs are always true in Go.
    var isTrue: Bool { true }

    private var local: AbsoluteTime { AbsoluteTime(seconds &+ offsetSeconds) }
    var date: CivilDate { CivilDate(daysSince1970: local.days) }
    var weekday: Int { CivilDate.weekday(daysSince1970: local.days) }
    /// Seconds since local midnight.
    var secondOfDay: Int { local.secondOfDay }

    static func floorDivide(_ value: Int, _ divisor: Int) -> Int {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }

    func shown(in zone: ClockZone) -> TimeBox { TimeBox(seconds: seconds, nanoseconds: nanoseconds, zone: zone) }

    /// The time `nanoseconds` later.
    func adding(nanoseconds delta: Int) -> TimeBox {
        let whole = Self.floorDivide(delta, 1_000_000_000)
        let sum = nanoseconds + (delta % 1_000_000_000 + 1_000_000_000) % 1_000_000_000
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
}
