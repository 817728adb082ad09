#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Searching in bytes.
enum Bytes {
    static func hasSuffix(_ bytes: [UInt8], _ suffix: [UInt8]) -> Bool {
        bytes.count >= suffix.count && bytes[(bytes.count - suffix.count)...].elementsEqual(suffix)
    }

    /// The first occurrence at or behind `start`; an empty pattern is found at once.
    static func firstRange(of pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Range<Int>? {
        guard !pattern.isEmpty else { return start..<start }
        guard bytes.count - start >= pattern.count else { return nil }
        // The C library searches in linear time, whatever the pattern.
        let found = bytes.withUnsafeBytes { memory in
            pattern.withUnsafeBytes { wanted -> Int? in
                guard let base = memory.baseAddress, let needle = wanted.baseAddress else { return nil }
                let place = memmem(base + start, memory.count - start, needle, wanted.count)
                return place.map { UnsafeRawPointer($0) - base }
            }
        }
        return found.map { $0..<($0 + pattern.count) }
    }

    /// Every occurrence replaced; an empty pattern is found before every character and at the end. Stops soon after
    /// `limit` bytes.
    static func replace(_ pattern: [UInt8], with replacement: [UInt8], in bytes: [UInt8], limit: Int) -> [UInt8] {
        var output: [UInt8] = []
        if pattern.isEmpty {
            for (index, byte) in bytes.enumerated() {
                if output.count > limit { return output }
                if index == 0 || byte & 0xC0 != 0x80 { output += replacement }
                output.append(byte)
            }
            return output + replacement
        }
        var start = 0
        while output.count <= limit, let range = firstRange(of: pattern, in: bytes, from: start) {
            output += bytes[start..<range.lowerBound]
            output += replacement
            start = range.upperBound
        }
        output += bytes[start...]
        return output
    }

    /// The parts between separators, at most `limit` when it is not negative. An empty separator cuts into characters.
    ///
    /// `charge` is called for each part before it is made.
    static func split(
        _ bytes: [UInt8],
        by separator: [UInt8],
        limit: Int = -1,
        charge: () throws(TemplateError) -> Void
    ) throws(TemplateError) -> [Value] {
        if limit == 0 { return [] }
        if separator.isEmpty {
            var parts: [Value] = []
            for unit in TextBytes.Units(bytes) {
                try charge()
                if limit > 0, parts.count == limit - 1 {
                    return parts + [.text(bytes[unit.range.lowerBound...])]
                }
                parts.append(.text(bytes[unit.range]))
            }
            return parts
        }
        var parts: [Value] = []
        var start = 0
        while limit < 0 || parts.count < limit - 1, let range = firstRange(of: separator, in: bytes, from: start) {
            try charge()
            parts.append(.text(bytes[start..<range.lowerBound]))
            start = range.upperBound
        }
        parts.append(.text(bytes[start...]))
        return parts
    }
}
