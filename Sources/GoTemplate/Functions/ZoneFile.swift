#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One zone of the system's zone database. Source: RFC 8536.
struct ZoneFile: Sendable {
    private struct Kind {
        var offset: Int
        var isSummer: Bool
        var name: String
    }

    private static let folders = [
        "/usr/share/zoneinfo/", "/usr/share/lib/zoneinfo/", "/usr/lib/locale/TZ/", "/etc/zoneinfo/",
    ]
    /// Bytes; the largest file has some four thousand.
    private static let largestFile = 1 << 18

    private var kinds: [Kind] = []
    /// Seconds since 1970, ascending, each with the kind that begins then.
    private var changes: [(start: Int, kind: Int)] = []
    /// What holds behind the last change.
    private var rule: PosixZone?

    /// Nil when there is no zone of this name.
    init?(named name: String) {
        // Names must not lead out of the database.
        let isHarmless =
            name.utf8.count <= 100 && !name.hasPrefix("/") && !name.contains("..") && !name.contains("\\")
            && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard isHarmless else { return nil }
        for folder in Self.folders {
            if let bytes = Self.read(folder + name) {
                self.init(bytes)
                return
            }
        }
        return nil
    }

    /// Nil for files that cannot be read, and for folders.
    private static func read(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: largestFile)
        let count = fread(&bytes, 1, bytes.count, file)
        return count > 0 && count < largestFile ? Array(bytes.prefix(count)) : nil
    }

    // MARK: Reading

    /// Nil when the bytes are no zone file.
    init?(_ bytes: [UInt8]) {
        var reader = Reader(bytes: bytes)
        guard let first = reader.header() else { return nil }
        if first.version == 0 {
            guard readBody(&reader, first, width: 4) else { return nil }
            return
        }
        // The first body has times of 32 bits; the second repeats it with 64.
        reader.index += first.bodySize(width: 4)
        guard let second = reader.header(), readBody(&reader, second, width: 8) else { return nil }
        let footer = bytes[min(reader.index, bytes.count)...].split(separator: 0x0A, omittingEmptySubsequences: false)
        if footer.count >= 2 { rule = PosixZone(Array(footer[1])) }
    }

    private struct Header {
        var version: UInt8
        /// Indicators of UTC and of standard time, leap seconds, changes, kinds, characters.
        var counts: [Int]

        func bodySize(width: Int) -> Int {
            counts[3] * (width + 1) + counts[4] * 6 + counts[5] + counts[2] * (width + 4) + counts[1] + counts[0]
        }
    }

    private struct Reader {
        let bytes: [UInt8]
        var index = 0

        /// A big-endian number; nil behind the end.
        mutating func number(_ width: Int) -> Int? {
            guard width <= bytes.count - index else { return nil }
            var value: UInt64 = bytes[index] & 0x80 != 0 ? .max : 0
            for byte in bytes[index..<(index + width)] { value = value << 8 | UInt64(byte) }
            index += width
            return Int(truncatingIfNeeded: value)
        }

        mutating func header() -> Header? {
            guard bytes.count - index >= 44, bytes[index...].starts(with: "TZif".utf8) else { return nil }
            let version = bytes[index + 4]
            index += 20
            var counts: [Int] = []
            for _ in 0..<6 {
                guard let count = number(4), (0...100_000).contains(count) else { return nil }
                counts.append(count)
            }
            return Header(version: version, counts: counts)
        }
    }

    private mutating func readBody(_ reader: inout Reader, _ header: Header, width: Int) -> Bool {
        guard header.bodySize(width: width) <= reader.bytes.count - reader.index, header.counts[4] > 0 else {
            return false
        }
        let end = reader.index + header.bodySize(width: width)
        var starts: [Int] = []
        for _ in 0..<header.counts[3] { starts.append(reader.number(width) ?? 0) }
        for start in starts {
            let kind = reader.number(1) ?? 0
            guard (0..<header.counts[4]).contains(kind) else { return false }
            changes.append((start, kind))
        }
        let names = Array(reader.bytes[(reader.index + header.counts[4] * 6)...].prefix(header.counts[5]))
        for _ in 0..<header.counts[4] {
            let offset = reader.number(4) ?? 0
            let isSummer = reader.number(1) != 0
            let name = names.dropFirst(reader.number(1) ?? 0).prefix { $0 != 0 }
            kinds.append(Kind(offset: offset, isSummer: isSummer, name: String(decoding: name, as: UTF8.self)))
        }
        reader.index = end
        return true
    }

    // MARK: Looking up

    func offset(at seconds: Int) -> (Int, String) {
        guard let first = changes.first, seconds >= first.start else {
            if changes.isEmpty, let rule { return rule.offset(at: seconds) }
            return (firstKind.offset, firstKind.name)
        }
        var (low, high) = (0, changes.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if seconds < changes[middle].start { high = middle } else { low = middle }
        }
        if low == changes.count - 1, let rule { return rule.offset(at: seconds) }
        let kind = kinds[changes[low].kind]
        return (kind.offset, kind.name)
    }

    /// What holds before the first change: a kind that no change begins, or else the last standard one before it.
    private var firstKind: Kind {
        guard let first = changes.first, changes.contains(where: { $0.kind == 0 }) else { return kinds[0] }
        if kinds[first.kind].isSummer, let standard = kinds[..<first.kind].last(where: { !$0.isSummer }) {
            return standard
        }
        return kinds.first { !$0.isSummer } ?? kinds[0]
    }
}
