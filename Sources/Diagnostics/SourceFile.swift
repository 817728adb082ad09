/// A text that was read from somewhere, with the start of each of its lines.
package final class SourceFile: Sendable {
    /// How the file is called in messages: its path, or a word in angle brackets for a text that is no file.
    package let name: String
    package let bytes: [UInt8]
    /// UTF-8 offset of the first byte of each line, ascending; never empty.
    private let lineStarts: [Int]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        var starts = [0]
        for (offset, byte) in bytes.enumerated() where byte == 0x0A { starts.append(offset + 1) }
        lineStarts = starts
    }

    package convenience init(name: String, text: String) { self.init(name: name, bytes: Array(text.utf8)) }

    /// The place of a UTF-8 offset: line and column, both 1-based, the column counted in Unicode scalars.
    package func position(at offset: Int) -> (line: Int, column: Int) {
        let place = min(max(offset, 0), bytes.count)
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= place { low = middle } else { high = middle }
        }
        let prefix = bytes[lineStarts[low]..<place]
        return (low + 1, prefix.count(where: { $0 & 0xC0 != 0x80 }) + 1)
    }

    /// The UTF-8 offset of a 0-based line and a 0-based column in Unicode scalars; clamped to the text.
    package func offset(line: Int, column: Int) -> Int {
        guard line < lineStarts.count else { return bytes.count }
        var offset = lineStarts[max(line, 0)]
        var remaining = column
        while remaining > 0, offset < bytes.count, bytes[offset] != 0x0A {
            offset += 1
            while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
            remaining -= 1
        }
        return offset
    }

    /// The text of a 1-based line without its end; empty for a line that does not exist.
    package func text(ofLine line: Int) -> String {
        guard line >= 1, line <= lineStarts.count else { return "" }
        let start = lineStarts[line - 1]
        var end = line < lineStarts.count ? lineStarts[line] - 1 : bytes.count
        if end > start, bytes[end - 1] == 0x0D { end -= 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}

/// Part of a file: half-open UTF-8 byte offsets.
package struct SourceRange: Sendable {
    package var file: SourceFile
    package var start: Int
    package var end: Int

    package init(file: SourceFile, start: Int, end: Int) {
        self.file = file
        self.start = start
        self.end = end
    }

    /// `file:line:column` of the start.
    package var place: String {
        let (line, column) = file.position(at: start)
        return "\(file.name):\(line):\(column)"
    }
}
