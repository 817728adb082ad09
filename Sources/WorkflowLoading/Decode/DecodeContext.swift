import Diagnostics

/// How strictly the rules that the reference never applied to files are taken.
package enum DecodeMode: Sendable {
    /// Files and pinned definitions: lengths, id characters and type words outside the rules are warnings.
    case lenient
    /// Definitions that are being created or validated: they are errors.
    case strict
}

/// What one decoding shares: the findings so far and how strict it is. Never leaves the decoder.
final class DecodeContext {
    var diagnostics = DiagnosticBag()
    let mode: DecodeMode
    /// Suggestions cost a comparison with every candidate; after this many nobody reads them.
    private var hintsLeft = 100

    init(mode: DecodeMode) { self.mode = mode }

    func error(_ code: String, _ message: String, at range: SourceRange?, hint: String? = nil) {
        diagnostics.error(code, message, at: range, hint: hint)
    }

    func warning(_ code: String, _ message: String, at range: SourceRange?, hint: String? = nil) {
        diagnostics.warning(code, message, at: range, hint: hint)
    }

    /// An error in strict mode, a warning in lenient mode.
    func finding(_ code: String, _ message: String, at range: SourceRange?, hint: String? = nil) {
        diagnostics.append(Diagnostic(mode == .strict ? .error : .warning, code, message, at: range, hint: hint))
    }

    /// `did you mean 'x'?`, or nil.
    func hint(_ word: String, in candidates: [String]) -> String? {
        guard hintsLeft > 0 else { return nil }
        hintsLeft -= 1
        return NearestWord.hint(word, in: candidates)
    }

    func wrongType(_ node: YAMLNode, _ path: String, expected: String) {
        error("WF0104", "\(path): cannot unmarshal \(node.decodedTypeName) into \(expected)", at: node.range)
    }
}

/// A text with its place.
struct Located: Sendable {
    var text: String
    var range: SourceRange?
}
