/// Offset and name of a time zone with today's rules for daylight saving.
///
/// Only used for zones that the system's zone database lacks; dates before the present rules use them too.
struct BuiltInZone: Sendable {
    /// When the clock changes: the n-th (5: last) Sunday of a month, at a second of the day in standard time.
    struct Change: Sendable {
        var month: Int
        var week: Int
        var second: Int
        /// Whether `second` is counted in UTC.
        var isUTC: Bool
    }

    var offset: Int
    var name: String
    var summer: (name: String, start: Change, end: Change)?

    static let utc = BuiltInZone(offset: 0, name: "UTC", summer: nil)

    func offset(at seconds: Int) -> (Int, String) {
        guard let summer else { return (offset, name) }
        let year = CivilDate(daysSince1970: TimeBox.floorDivide(seconds + offset, 86400)).year
        let start = moment(summer.start, year)
        let end = moment(summer.end, year)
        let isSummer = start < end ? seconds >= start && seconds < end : seconds >= start || seconds < end
        return isSummer ? (offset + 3600, summer.name) : (offset, name)
    }

    private func moment(_ change: Change, _ year: Int) -> Int {
        let first = CivilDate(year: year, month: change.month, day: 1).daysSince1970
        let firstSunday = first + (7 - CivilDate.weekday(daysSince1970: first)) % 7
        var day = firstSunday + (change.week - 1) * 7
        if day >= first + CivilDate.days(inMonth: change.month, of: year) { day -= 7 }
        return day * 86400 + change.second - (change.isUTC ? 0 : offset)
    }

    /// The zone of this name; nil for names that are not known.
    static func named(_ name: String) -> BuiltInZone? { zones[name] }

    private static func fixed(_ hours: Double, _ name: String? = nil) -> BuiltInZone {
        let seconds = Int(hours * 3600)
        let digits = TimeLayout.padded(abs(seconds) / 3600, 2)
        let minutes = abs(seconds) % 3600 / 60
        let text = (seconds < 0 ? "-" : "+") + digits + (minutes == 0 ? "" : TimeLayout.padded(minutes, 2))
        return BuiltInZone(offset: seconds, name: name ?? text, summer: nil)
    }

    private static func european(_ hours: Int, _ name: String, _ summer: String) -> BuiltInZone {
        BuiltInZone(
            offset: hours * 3600,
            name: name,
            summer: (
                summer, Change(month: 3, week: 5, second: 3600, isUTC: true),
                Change(month: 10, week: 5, second: 3600, isUTC: true)
            )
        )
    }

    private static func american(_ hours: Double, _ name: String, _ summer: String) -> BuiltInZone {
        BuiltInZone(
            offset: Int(hours * 3600),
            name: name,
            summer: (
                summer, Change(month: 3, week: 2, second: 7200, isUTC: false),
                Change(month: 11, week: 1, second: 3600, isUTC: false)
            )
        )
    }

    private static func southern(
        _ hours: Double,
        _ name: String,
        _ summer: String,
        isNewZealand: Bool = false
    )
        -> BuiltInZone
    {
        BuiltInZone(
            offset: Int(hours * 3600),
            name: name,
            summer: (
                summer, Change(month: isNewZealand ? 9 : 10, week: isNewZealand ? 5 : 1, second: 7200, isUTC: false),
                Change(month: 4, week: 1, second: 7200, isUTC: false)
            )
        )
    }

    private static let zones: [String: BuiltInZone] = {
        var zones: [String: BuiltInZone] = ["UTC": utc, "Etc/UTC": utc, "GMT": fixed(0, "GMT")]
        func add(_ rule: BuiltInZone, _ names: String...) { for name in names { zones[name] = rule } }
        func cities(_ hours: Int, _ standard: String, _ summer: String, _ cities: String) {
            for city in cities.split(separator: " ") {
                zones["Europe/\(city)"] = european(hours, standard, summer)
            }
        }
        cities(0, "WET", "WEST", "Lisbon")
        cities(0, "GMT", "BST", "London Belfast Jersey Guernsey Isle_of_Man")
        cities(0, "GMT", "IST", "Dublin")
        cities(
            1,
            "CET",
            "CEST",
            """
            Berlin Paris Madrid Rome Vienna Zurich Amsterdam Brussels Prague Warsaw Budapest Copenhagen Oslo Stockholm \
            Belgrade Zagreb Ljubljana Bratislava Luxembourg Monaco Malta Andorra Tirane Sarajevo Skopje Podgorica Vaduz \
            San_Marino Vatican Gibraltar Busingen
            """
        )
        cities(2, "EET", "EEST", "Athens Helsinki Kyiv Kiev Bucharest Sofia Riga Tallinn Vilnius Chisinau Mariehamn")
        add(european(1, "CET", "CEST"), "CET", "MET")
        add(european(2, "EET", "EEST"), "EET", "Asia/Nicosia")
        add(fixed(3, "MSK"), "Europe/Moscow", "Europe/Simferopol")
        add(fixed(3), "Europe/Istanbul", "Europe/Minsk", "Asia/Riyadh", "Asia/Baghdad", "Asia/Kuwait", "Asia/Qatar")
        add(
            american(-5, "EST", "EDT"),
            "America/New_York",
            "America/Toronto",
            "America/Detroit",
            "US/Eastern",
            "EST5EDT"
        )
        add(american(-6, "CST", "CDT"), "America/Chicago", "America/Winnipeg", "US/Central", "CST6CDT")
        add(american(-7, "MST", "MDT"), "America/Denver", "America/Edmonton", "America/Boise", "US/Mountain", "MST7MDT")
        add(
            american(-8, "PST", "PDT"),
            "America/Los_Angeles",
            "America/Vancouver",
            "America/Tijuana",
            "US/Pacific",
            "PST8PDT"
        )
        add(american(-9, "AKST", "AKDT"), "America/Anchorage", "US/Alaska")
        add(american(-4, "AST", "ADT"), "America/Halifax", "Atlantic/Bermuda")
        add(american(-3.5, "NST", "NDT"), "America/St_Johns")
        add(fixed(-10, "HST"), "Pacific/Honolulu", "US/Hawaii", "HST")
        add(fixed(-7, "MST"), "America/Phoenix", "MST")
        add(fixed(-6, "CST"), "America/Mexico_City", "America/Costa_Rica", "America/Guatemala", "America/Regina")
        add(fixed(-5, "EST"), "America/Panama", "America/Jamaica", "EST")
        add(fixed(-5), "America/Bogota", "America/Lima", "America/Guayaquil")
        add(fixed(-4), "America/Caracas", "America/La_Paz", "America/Manaus")
        add(
            fixed(-3),
            "America/Sao_Paulo",
            "America/Argentina/Buenos_Aires",
            "America/Buenos_Aires",
            "America/Montevideo"
        )
        add(fixed(0, "GMT"), "Africa/Accra", "Africa/Abidjan", "Africa/Dakar", "Atlantic/Reykjavik")
        add(fixed(1, "WAT"), "Africa/Lagos", "Africa/Kinshasa", "Africa/Luanda")
        add(fixed(1, "CET"), "Africa/Algiers", "Africa/Tunis")
        add(fixed(2, "SAST"), "Africa/Johannesburg")
        add(fixed(2, "CAT"), "Africa/Harare", "Africa/Maputo", "Africa/Kigali", "Africa/Khartoum")
        add(fixed(3, "EAT"), "Africa/Nairobi", "Africa/Addis_Ababa", "Africa/Kampala", "Africa/Dar_es_Salaam")
        add(fixed(3.5), "Asia/Tehran")
        add(fixed(4), "Asia/Dubai", "Asia/Baku", "Asia/Tbilisi", "Asia/Yerevan", "Indian/Mauritius")
        add(fixed(4.5), "Asia/Kabul")
        add(fixed(5, "PKT"), "Asia/Karachi")
        add(fixed(5), "Asia/Tashkent", "Asia/Almaty", "Indian/Maldives")
        add(fixed(5.5, "IST"), "Asia/Kolkata", "Asia/Calcutta")
        add(fixed(5.5), "Asia/Colombo")
        add(fixed(5.75), "Asia/Kathmandu")
        add(fixed(6), "Asia/Dhaka")
        add(fixed(6.5), "Asia/Yangon")
        add(fixed(7), "Asia/Bangkok", "Asia/Ho_Chi_Minh", "Asia/Novosibirsk")
        add(fixed(7, "WIB"), "Asia/Jakarta")
        add(fixed(8, "CST"), "Asia/Shanghai", "Asia/Taipei", "Asia/Macau", "PRC")
        add(fixed(8, "HKT"), "Asia/Hong_Kong", "Hongkong")
        add(fixed(8), "Asia/Singapore", "Asia/Kuala_Lumpur", "Singapore")
        add(fixed(8, "PST"), "Asia/Manila")
        add(fixed(8, "AWST"), "Australia/Perth")
        add(fixed(9, "JST"), "Asia/Tokyo", "Japan")
        add(fixed(9, "KST"), "Asia/Seoul")
        add(fixed(10, "AEST"), "Australia/Brisbane")
        add(fixed(9.5, "ACST"), "Australia/Darwin")
        add(southern(9.5, "ACST", "ACDT"), "Australia/Adelaide")
        add(
            southern(10, "AEST", "AEDT"),
            "Australia/Sydney",
            "Australia/Melbourne",
            "Australia/Hobart",
            "Australia/Canberra"
        )
        add(southern(12, "NZST", "NZDT", isNewZealand: true), "Pacific/Auckland", "NZ")
        return zones
    }()
}
