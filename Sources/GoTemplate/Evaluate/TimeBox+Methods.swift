/// The methods that templates can call on a time.
extension TimeBox {
    /// What a field or method of the time gives; nil when there is none of this name or not with these arguments.
    func method(_ name: String, _ arguments: [Value]) throws(TemplateError) -> Value? {
        switch arguments.count {
        case 0: property(name)
        case 1: try method(name, arguments[0])
        case 3 where name == "AddDate": .time(try addingDate(arguments))
        default: nil
        }
    }

    private func property(_ name: String) -> Value? {
        switch name {
        case "Year": .int(date.year)
        case "Month": .integer(Int64(date.month), .month)
        case "Day": .int(date.day)
        case "YearDay": .int(date.dayOfYear)
        case "Weekday": .integer(Int64(weekday), .weekday)
        case "Hour": .int(secondOfDay / 3600)
        case "Minute": .int(secondOfDay / 60 % 60)
        case "Second": .int(secondOfDay % 60)
        case "Nanosecond": .int(nanoseconds)
        case "Unix": .int64(Int64(seconds))
        case "UnixMilli": .int64(Int64(seconds &* 1000 &+ nanoseconds / 1_000_000))
        case "UnixMicro": .int64(Int64(seconds &* 1_000_000 &+ nanoseconds / 1000))
        case "UnixNano": .int64(Int64(seconds &* 1_000_000_000 &+ nanoseconds))
        case "IsZero": .bool(seconds == Self.zeroSeconds && nanoseconds == 0)
        // The zones that a time can have here never change their clocks.
        case "IsDST": .bool(false)
        case "UTC", "Local": .time(TimeBox(seconds: seconds, nanoseconds: nanoseconds))
        case "String": .string(description)
        default: nil
        }
    }

    private func method(_ name: String, _ argument: Value) throws(TemplateError) -> Value? {
        switch name {
        case "Format":
            guard let layout = argument.shownText else { throw .wrongKind("Format: expected a string") }
            return .string(TimeLayout.format(self, layout))
        case "Before", "After", "Equal", "Compare", "Sub":
            guard case .time(let other) = argument else { throw .wrongKind("\(name): expected a time") }
            let order = compare(other)
            switch name {
            case "Before": return .bool(order < 0)
            case "After": return .bool(order > 0)
            case "Equal": return .bool(order == 0)
            case "Compare": return .int(order)
            default: return .integer(Int64(difference(other)), .duration)
            }
        case "Add":
            guard case .integer(let nanoseconds, .duration) = argument else {
                throw .wrongKind("Add: expected a duration")
            }
            return .time(adding(nanoseconds: Int(nanoseconds)))
        default: return nil
        }
    }

    /// -1, 0 or 1.
    func compare(_ other: TimeBox) -> Int {
        (seconds, nanoseconds) == (other.seconds, other.nanoseconds)
            ? 0 : (seconds, nanoseconds) < (other.seconds, other.nanoseconds) ? -1 : 1
    }

    /// Nanoseconds since `other`, or the largest number when they are more than 292 years.
    func difference(_ other: TimeBox) -> Int {
        let (whole, overflow) = seconds.subtractingReportingOverflow(other.seconds)
        let (product, excess) = whole.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = product.addingReportingOverflow(nanoseconds - other.nanoseconds)
        return overflow || excess || carry ? (compare(other) < 0 ? .min : .max) : sum
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
            seconds: moved.daysSince1970 &* 86400 &+ secondOfDay &- offsetSeconds,
            nanoseconds: nanoseconds,
            offsetSeconds: offsetSeconds,
            zoneName: zoneName
        )
    }
}
