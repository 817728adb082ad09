/// Reads the parts of a version or of a constraint's version from text.
struct VersionText {
    /// Up to three numbers as written; in constraints also `x`, `X` and `*`.
    var numbers: [[UInt8]] = []
    /// Without the hyphen.
    var prerelease: [UInt8]?
    /// Without the plus sign.
    var metadata: [UInt8]?
    /// Behind the last byte that belongs to the version.
    var end: Int

    /// Reads as much as fits from `start` on; nil when there is no number.
    /// - Parameter wildcards: Whether `x`, `X` and `*` may stand for numbers, and `|` in them as in the original library.
    init?(_ bytes: [UInt8], from start: Int, wildcards: Bool) {
        var index = start
        if index < bytes.count, bytes[index] == UInt8(ascii: "v") { index += 1 }
        func isPart(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 || (wildcards && "xX*|".utf8.contains(byte)) }
        func isIdentifier(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: "-") || byte &- 0x30 <= 9 || (byte | 0x20) &- 0x61 < 26
        }
        func run(_ accepts: (UInt8) -> Bool) -> [UInt8] { Array(bytes[index...].prefix(while: accepts)) }
        /// Identifiers with single dots between them.
        func identifiers() -> [UInt8]? {
            var text = run(isIdentifier)
            guard !text.isEmpty else { return nil }
            index += text.count
            while index + 1 < bytes.count, bytes[index] == UInt8(ascii: "."), isIdentifier(bytes[index + 1]) {
                index += 1
                let next = run(isIdentifier)
                text += [UInt8(ascii: ".")] + next
                index += next.count
            }
            return text
        }
        let first = run(isPart)
        guard !first.isEmpty else { return nil }
        numbers.append(first)
        index += first.count
        while numbers.count < 3, index + 1 < bytes.count, bytes[index] == UInt8(ascii: "."), isPart(bytes[index + 1]) {
            index += 1
            let next = run(isPart)
            numbers.append(next)
            index += next.count
        }
        end = index
        for mark in [UInt8(ascii: "-"), UInt8(ascii: "+")] {
            guard index < bytes.count, bytes[index] == mark else { continue }
            index += 1
            guard let text = identifiers() else {
                index -= 1
                continue
            }
            if mark == UInt8(ascii: "-") { prerelease = text } else { metadata = text }
            end = index
        }
    }
}
