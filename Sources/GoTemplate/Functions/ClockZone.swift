import Synchronization

/// A time zone: what the clocks of a place show.
struct ClockZone: Sendable {
    private enum Source {
        case utc
        case file(ZoneFile)
        case builtIn(BuiltInZone)
    }

    private let source: Source

    static let utc = ClockZone(source: .utc)

    /// Zones that were asked for; nil for names that are not known. A process sees few different names, so the table
    /// only needs a bound.
    private static let known = Mutex<[String: ClockZone?]>([:])
    private static let mostKnown = 2000

    /// The zone of this name; the local zone is UTC. Nil for names that are not known.
    static func named(_ name: String) -> ClockZone? {
        if name.isEmpty || name == "UTC" || name == "Local" { return utc }
        if let zone = known.withLock({ $0[name] }) { return zone }
        let zone = load(name)
        known.withLock { table in if table.count < mostKnown { table[name] = .some(zone) } }
        return zone
    }

    private static func load(_ name: String) -> ClockZone? {
        // Old names such as `CET` are missing in some databases.
        if let file = ZoneFile(named: name) { return ClockZone(source: .file(file)) }
        return BuiltInZone.named(name).map { ClockZone(source: .builtIn($0)) }
    }

    /// Seconds east of Greenwich and the abbreviation, at a time in seconds since 1970.
    func offset(at seconds: Int) -> (Int, String) {
        switch source {
        case .utc: (0, "UTC")
        case .file(let file): file.offset(at: seconds)
        case .builtIn(let zone): zone.offset(at: max(-1 << 55, min(1 << 55, seconds)))
        }
    }
}
