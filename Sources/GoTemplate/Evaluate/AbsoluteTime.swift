/// Days and seconds of a time, counted as Go counts them: from a year so far back that every time of 64 bits is behind
/// it. Times that are outside come back at the other end.
struct AbsoluteTime {
    /// The first of March of the year -292277022400.
    private static let start = -106_751_991_073_400
    private static let startSeconds = UInt64(106_751_991_073_400) * 86400

    /// Days since 1970-01-01.
    let days: Int
    /// 0..<86400.
    let secondOfDay: Int

    init(_ seconds: Int) {
        let absolute = UInt64(bitPattern: Int64(seconds)) &+ Self.startSeconds
        days = Int(absolute / 86400) + Self.start
        secondOfDay = Int(absolute % 86400)
    }
}
