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
    /// Whether Go has a pointer to it: the methods that make new versions give the version itself.
    let isPointer: Bool

    init(
        _ major: UInt64,
        _ minor: UInt64,
        _ patch: UInt64,
        prerelease: String = "",
        metadata: String = "",
        original: String? = nil,
        isPointer: Bool = true
    ) {
        self.isPointer = isPointer
        self.major = major
        self.minor = minor
        self.patch = patch
        self.prerelease = prerelease
        self.metadata = metadata
        self.original =
            original ?? "\(major).\(minor).\(patch)" + (prerelease.isEmpty ? "" : "-" + prerelease)
            + (metadata.isEmpty ? "" : "+" + metadata)
    }

    /// UTF-8 bytes of the longest version that is read.
    private static let longest = 256

    /// Reads `1`, `1.2` or `1.2.3` with an optional leading v, pre-release and metadata; nil for other texts.
    convenience init?(parsing text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.longest, let parts = VersionText(bytes, from: 0, wildcards: false),
            parts.end == bytes.count
        else { return nil }
        self.init(parts, original: text)
    }

    /// Nil when a number is no number of 64 bits, or when a number of the pre-release begins with a zero.
    convenience init?(_ parts: VersionText, original: String) {
        var numbers: [UInt64] = []
        for part in parts.numbers {
            guard let number = UInt64(String(decoding: part, as: UTF8.self)) else { return nil }
            numbers.append(number)
        }
        while numbers.count < 3 { numbers.append(0) }
        let prerelease = String(decoding: parts.prerelease ?? [], as: UTF8.self)
        let hasLeadingZero = prerelease.split(separator: ".").contains { part in
            part.utf8.count > 1 && part.utf8.first == 0x30 && part.utf8.allSatisfy { $0 &- 0x30 <= 9 }
        }
        guard !hasLeadingZero else { return nil }
        self.init(
            numbers[0],
            numbers[1],
            numbers[2],
            prerelease: prerelease,
            metadata: String(decoding: parts.metadata ?? [], as: UTF8.self),
            original: original
        )
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

    private static func part(_ number: UInt64) -> Value { .integer(Int64(clamping: number), .uint64) }

    /// The fields as Go has them, which only `printf` shows.
    var fields: [(name: String, value: Value)] {
        [
            ("major", Self.part(major)), ("minor", Self.part(minor)), ("patch", Self.part(patch)),
            ("pre", .string(prerelease)), ("metadata", .string(metadata)), ("original", .string(original)),
        ]
    }

    /// What a field or method of the version gives; nil when there is none of this name or not with these arguments.
    func method(_ name: String, _ arguments: [Value]) throws(TemplateError) -> Value? {
        if arguments.count == 1 { return isPointer ? try comparison(name, arguments[0]) : nil }
        guard arguments.isEmpty else { return nil }
        switch name {
        case "Major": return Self.part(major)
        case "Minor": return Self.part(minor)
        case "Patch": return Self.part(patch)
        case "Prerelease": return .string(prerelease)
        case "Metadata": return .string(metadata)
        case "Original": return isPointer ? .string(original) : nil
        case "String": return .string(description)
        case "IncMajor": return increased(major &+ 1, 0, 0)
        case "IncMinor": return increased(major, minor &+ 1, 0)
        // A pre-release comes before its release.
        case "IncPatch": return increased(major, minor, prerelease.isEmpty ? patch &+ 1 : patch)
        default: return nil
        }
    }

    private func increased(_ major: UInt64, _ minor: UInt64, _ patch: UInt64) -> Value {
        let prefix = original.hasPrefix("v") ? "v" : ""
        return .version(
            VersionBox(major, minor, patch, original: "\(prefix)\(major).\(minor).\(patch)", isPointer: false)
        )
    }

    private func comparison(_ name: String, _ argument: Value) throws(TemplateError) -> Value? {
        let names = ["Compare", "LessThan", "GreaterThan", "Equal", "LessThanEqual", "GreaterThanEqual"]
        guard names.contains(name) else { return nil }
        guard case .version(let other) = argument, other.isPointer else {
            throw .wrongKind("\(name): expected a version made by semver")
        }
        let order = compare(other)
        switch name {
        case "Compare": return .int(order)
        case "LessThan": return .bool(order < 0)
        case "GreaterThan": return .bool(order > 0)
        case "LessThanEqual": return .bool(order <= 0)
        case "GreaterThanEqual": return .bool(order >= 0)
        default: return .bool(order == 0)
        }
    }
}
