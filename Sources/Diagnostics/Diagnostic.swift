/// A finding about something that a user wrote.
package struct Diagnostic: Sendable {
    package enum Severity: String, Sendable, Comparable {
        case note, warning, error

        package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
        private var rank: Int { self == .note ? 0 : self == .warning ? 1 : 2 }
    }

    package var severity: Severity
    /// Stable, e.g. `WF0103`; each has a page in `docs/errors/`.
    package var code: String
    package var message: String
    package var range: SourceRange?
    /// What helps to understand it, one sentence each.
    package var notes: [String]
    /// What to do about it.
    package var hint: String?

    package init(
        _ severity: Severity,
        _ code: String,
        _ message: String,
        at range: SourceRange? = nil,
        notes: [String] = [],
        hint: String? = nil
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.range = range
        self.notes = notes
        self.hint = hint
    }
}

/// Collects findings while passes go on.
package struct DiagnosticBag: Sendable {
    package private(set) var diagnostics: [Diagnostic] = []

    package init() {}

    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
    package var isEmpty: Bool { diagnostics.isEmpty }
    package var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }

    package mutating func append(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }
    package mutating func append(contentsOf other: DiagnosticBag) { diagnostics += other.diagnostics }

    package mutating func error(_ code: String, _ message: String, at range: SourceRange?, hint: String? = nil) {
        append(Diagnostic(.error, code, message, at: range, hint: hint))
    }

    package mutating func warning(_ code: String, _ message: String, at range: SourceRange?, hint: String? = nil) {
        append(Diagnostic(.warning, code, message, at: range, hint: hint))
    }
}
