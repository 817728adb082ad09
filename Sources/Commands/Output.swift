import Foundation
import JSON

/// Standard output is data, standard error is talk.
enum Output {
    static func data(_ text: String) { write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO) }

    static func talk(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    /// Writes all of it; a reader that is gone takes nothing more.
    static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                bytes = bytes.dropFirst(count)
            } else if errno != EINTR, errno != EAGAIN {
                return
            }
        }
    }

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Columns padded to the widest cell, two spaces between; the last column is not padded.
    static func table(_ header: [String], _ rows: [[String]], showsHeader: Bool = true) -> String {
        let all = showsHeader ? [header] + rows : rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            row.enumerated().map { index, cell in
                index == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[index] - cell.count)
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
