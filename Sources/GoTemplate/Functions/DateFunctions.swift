/// Times. The local zone is UTC.
enum DateFunctions {
    static let table: [Function] = [
        Function("now", [], "Current time.") { call throws(TemplateError) in .time(now(call)) },
        Function("date", [.text, .any], "Formats a time or Unix seconds; other values mean now.") {
            call throws(TemplateError) in .string(TimeLayout.format(time(call, 1, zone: .utc), layout(call)))
        },
        dateInZone, dateInZone.renamed("date_in_zone", "Old spelling of `dateInZone`."),
        Function("htmlDate", [.any], "Year-month-day.") { call throws(TemplateError) in
            .string(TimeLayout.format(time(call, 0, zone: .utc), TimeLayout.isoDate))
        },
        Function("htmlDateInZone", [.any, .text], "Year-month-day in a named zone.") { call throws(TemplateError) in
            .string(TimeLayout.format(time(call, 0, zone: zone(call.text(1))), TimeLayout.isoDate))
        },
        modify, modify.renamed("date_modify", "Old spelling of `dateModify`."),
        mustModify, mustModify.renamed("must_date_modify", "Old spelling of `mustDateModify`."),
        Function("toDate", [.text, .text], "Parses a time; the zero time when it does not fit.") {
            call throws(TemplateError) in
            .time(TimeParser.parse(call.text(1), layout: call.text(0)) ?? TimeBox(seconds: TimeBox.zeroSeconds))
        },
        Function("mustToDate", [.text, .text], "Parses a time.") { call throws(TemplateError) in
            guard let time = TimeParser.parse(call.text(1), layout: call.text(0)) else {
                throw .function("parsing time \"\(call.text(1))\" as \"\(call.text(0))\": it does not fit")
            }
            return .time(time)
        },
        Function("unixEpoch", [.time], "Unix seconds as text.") { call throws(TemplateError) in
            .string(String(time(call, 0, zone: .utc).seconds))
        },
        Function("ago", [.any], "Time passed since then, in whole seconds.") { call throws(TemplateError) in
            .string(DurationText.format(DurationText.wholeSeconds(now(call).difference(time(call, 0, zone: .utc)))))
        },
        Function("duration", [.any], "Seconds (text or 64-bit integer) as 1h2m3s; other kinds count as 0.") {
            call throws(TemplateError) in
            switch call[0] {
            case .string(let text):
                return .string(DurationText.format(Int(ConversionFunctions.decimal(text)) &* 1_000_000_000))
            case .integer(let seconds, .int64): return .string(DurationText.format(Int(seconds) &* 1_000_000_000))
            default: return .string("0s")
            }
        },
        Function("durationRound", [.any], "Only the largest unit of a duration: 2h, 3d, 5mo, 1y.") {
            call throws(TemplateError) in
            switch call[0] {
            case .string(let text): return .string(DurationText.rounded(DurationText.parse(text) ?? 0))
            case .integer(let nanoseconds, .int64): return .string(DurationText.rounded(Int(nanoseconds)))
            case .time(let then):
                return .string(DurationText.rounded(now(call).difference(then)))
            default: return .string("0s")
            }
        },
    ]

    private static let dateInZone = Function("dateInZone", [.text, .any, .text], "`date` in a named zone.") {
        call throws(TemplateError) in
        .string(TimeLayout.format(time(call, 1, zone: zone(call.text(2))), layout(call)))
    }

    private static let modify = Function("dateModify", [.text, .time], "Time plus a duration text.") {
        call throws(TemplateError) in
        guard let delta = DurationText.parse(call.text(0)), case .time(let time) = call[1] else { return call[1] }
        return .time(time.adding(nanoseconds: delta))
    }

    private static let mustModify = Function("mustDateModify", [.text, .time], "`dateModify` with an error.") {
        call throws(TemplateError) in
        guard let delta = DurationText.parse(call.text(0)) else {
            throw .function("time: invalid duration \"\(call.text(0))\"")
        }
        guard case .time(let time) = call[1] else { return call[1] }
        return .time(time.adding(nanoseconds: delta))
    }

    private static func layout(_ call: Call) -> [TimeLayout.Element] {
        if case .layout(let elements)? = call.site.prepared { elements } else { TimeLayout.elements(call.text(0)) }
    }

    private static func zone(_ name: String) -> ClockZone { ClockZone.named(name) ?? .utc }

    private static func now(_ call: Call) -> TimeBox {
        let microseconds = Int(call.evaluator.context.now())
        let seconds = TimeBox.floorDivide(microseconds, 1_000_000)
        return TimeBox(seconds: seconds, nanoseconds: (microseconds - seconds * 1_000_000) * 1000)
    }

    /// A time or integer seconds; anything else means now.
    private static func time(_ call: Call, _ index: Int, zone: ClockZone) -> TimeBox {
        switch call[index] {
        case .time(let time): return time.shown(in: zone)
        case .integer(let seconds, _):
            return TimeBox(seconds: Int(seconds), zone: zone)
        default: return now(call).shown(in: zone)
        }
    }
}
