/// A semantic version.
final class VersionBox: Sendable {
    let major: UInt64
    let minor: UInt64
    let patch: UInt64
    /// Without the hyphen; empty for a release.
    let prerelease: String
    /// Without the plus sign.
    let metadata: String
    /// As it was written.
    let original: String

    init(
        _ major: UInt64,
        _ minor: UInt64,
        _ patch: UInt64,
        prerelease: String = "",
        metadata: String = "",
        original: String? = nil
    ) {
        self.major = major
        self.minor = minor
        self.patch = patch
        self.prerelease = prerelease
        self.metadata = metadata
        let core = "\(major).\(minor).\(patch)"
        self.original =
            original ?? core + (prerelease.isEmpty ? "" : "-" + prerelease) + (metadata.isEmpty ? "" : "+" + metadata)
    }

    /// Reads `1`, `1.2` or `1.2.3` with an optional leading v, pre-release and metadata; nil for other texts.
    convenience init?(parsing text: String) {
        var rest = text[...]
        if rest.first == "v" { rest = rest.dropFirst() }
        var metadata: Substring?
        var prerelease: Substring?
        if let plus = rest.firstIndex(of: "+") {
            metadata = rest[rest.index(after: plus)...]
            rest = rest[..<plus]
        }
        if let hyphen = rest.firstIndex(of: "-") {
            prerelease = rest[rest.index(after: hyphen)...]
            rest = rest[..<hyphen]
        }
        let parts = rest.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count) else { return nil }
        var numbers: [UInt64] = []
        for part in parts {
            guard !part.isEmpty, part.utf8.allSatisfy({ $0 &- 0x30 <= 9 }), let number = UInt64(part),
                part.count == 1 || part.first != "0"
            else { return nil }
            numbers.append(number)
        }
        while numbers.count < 3 { numbers.append(0) }
        if let prerelease, !Self.areIdentifiers(prerelease, numbersAreStrict: true) { return nil }
        if let metadata, !Self.areIdentifiers(metadata, numbersAreStrict: false) { return nil }
        self.init(
            numbers[0],
            numbers[1],
            numbers[2],
            prerelease: String(prerelease ?? ""),
            metadata: String(metadata ?? ""),
            original: text
        )
    }

    private static func areIdentifiers(_ text: Substring, numbersAreStrict: Bool) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            guard !part.isEmpty, part.utf8.allSatisfy({ $0 == 0x2D || $0 &- 0x30 <= 9 || ($0 | 0x20) &- 0x61 < 26 })
            else {
                return false
            }
            let isNumber = part.utf8.allSatisfy { $0 &- 0x30 <= 9 }
            return !(numbersAreStrict && isNumber && part.count > 1 && part.first == "0")
        }
    }

    var description: String {
        "\(major).\(minor).\(patch)" + (prerelease.isEmpty ? "" : "-" + prerelease)
            + (metadata.isEmpty ? "" : "+" + metadata)
    }

    /// Negative, zero or positive; metadata does not count.
    func compare(_ other: VersionBox) -> Int {
        for (left, right) in [(major, other.major), (minor, other.minor), (patch, other.patch)] where left != right {
            return left < right ? -1 : 1
        }
        if prerelease == other.prerelease { return 0 }
        if prerelease.isEmpty { return 1 }
        if other.prerelease.isEmpty { return -1 }
        let left = prerelease.split(separator: ".")
        let right = other.prerelease.split(separator: ".")
        for (first, second) in zip(left, right) where first != second {
            switch (UInt64(first), UInt64(second)) {
            case (let first?, let second?): return first < second ? -1 : 1
            case (_?, nil): return -1
            case (nil, _?): return 1
            default: return first.utf8.lexicographicallyPrecedes(second.utf8) ? -1 : 1
            }
        }
        return left.count < right.count ? -1 : 1
    }

    /// What a field or method of the version gives; nil when there is none of this name or not with these arguments.
    func method(_ name: String, _ arguments: [Value]) throws(TemplateError) -> Value? {
        switch (name, arguments.count) {
        case ("Major", 0): return .int64(Int64(clamping: major))
        case ("Minor", 0): return .int64(Int64(clamping: minor))
        case ("Patch", 0): return .int64(Int64(clamping: patch))
        case ("Prerelease", 0): return .string(prerelease)
        case ("Metadata", 0): return .string(metadata)
        case ("Original", 0): return .string(original)
        case ("String", 0): return .string(description)
        case ("IncMajor", 0): return .version(VersionBox(major &+ 1, 0, 0))
        case ("IncMinor", 0): return .version(VersionBox(major, minor &+ 1, 0))
        case ("IncPatch", 0): return .version(VersionBox(major, minor, prerelease.isEmpty ? patch &+ 1 : patch))
        case ("Compare", 1), ("LessThan", 1), ("GreaterThan", 1), ("Equal", 1), ("LessThanEqual", 1),
            ("GreaterThanEqual", 1):
            guard case .version(let other) = arguments[0] else { throw .wrongKind("\(name): expected a version") }
            let order = compare(other)
            switch name {
            case "Compare": return .int(order)
            case "LessThan": return .bool(order < 0)
            case "GreaterThan": return .bool(order > 0)
            case "LessThanEqual": return .bool(order <= 0)
            case "GreaterThanEqual": return .bool(order >= 0)
            default: return .bool(order == 0)
            }
        default: return nil
        }
    }
}
