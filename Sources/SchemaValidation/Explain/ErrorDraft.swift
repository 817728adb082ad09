import JSON

/// A step from a value to one of its parts.
enum PathStep: Hashable {
    case key(String)
    case index(Int)
}

/// A place in a value.
struct InstancePath: Hashable {
    var steps: [PathStep] = []

    var pointer: String {
        steps.reduce(into: "") { text, step in
            switch step {
            case .key(let key): text += "/" + Pointer.escaped(key)
            case .index(let index): text += "/\(index)"
            }
        }
    }

    /// How sentences call the place: `'servers[0].port'`, or `the value` for the whole.
    var subject: String {
        guard !steps.isEmpty else { return "the value" }
        var text = ""
        for step in steps {
            switch step {
            case .key(let key): text += (text.isEmpty ? "" : ".") + shortened(key, to: 40)
            case .index(let index): text += "[\(index)]"
            }
        }
        // The end says more than the beginning.
        let scalars = text.unicodeScalars
        if scalars.count > 100 { text = "…" + String(String.UnicodeScalarView(scalars.suffix(100))) }
        return "'\(text)'"
    }
}

/// An error before it is known which values have to stay hidden.
struct ErrorDraft {
    var path: InstancePath
    /// JSON pointer of the evaluation, with the keyword.
    var keywordLocation: String
    var absoluteKeywordLocation: String
    var keyword: String
    /// The sentence, with the value that it shows left out.
    var sentence: Sentence
    /// The values that would be accepted, when the rule is a list of them.
    var expected: [JSONValue] = []
    var causes: [ErrorDraft] = []
    /// Where the causes' alternative stands, from 1, and out of how many.
    var alternative: (number: Int, count: Int)?

    struct Sentence {
        var head: String
        /// Part of the instance; its place is the error's.
        var value: JSONValue?
        var tail = ""
    }

    func finished(hidden: Set<InstancePath>) -> ValidationError {
        let isHidden = isHidden(hidden)
        var message = sentence.head
        if let value = sentence.value { message += isHidden ? "a hidden value" : Phrase.shown(value) }
        // A measure or a likely word would say something about a hidden value.
        if !isHidden { message += sentence.tail }
        let causes = causes.map { $0.finished(hidden: hidden) }
        if let alternative, let first = causes.first {
            let more = causes.count > 1 ? " (and \(causes.count - 1) more)" : ""
            message +=
                "; the closest is alternative \(alternative.number) of \(alternative.count): \(first.message)\(more)"
        }
        return ValidationError(
            instanceLocation: path.pointer,
            keywordLocation: keywordLocation,
            absoluteKeywordLocation: absoluteKeywordLocation,
            keyword: keyword,
            message: message,
            causes: causes
        )
    }

    /// Whether the error's place, or one around it, holds something sensitive.
    private func isHidden(_ hidden: Set<InstancePath>) -> Bool {
        guard !hidden.isEmpty else { return false }
        return (0...path.steps.count).contains { hidden.contains(InstancePath(steps: Array(path.steps.prefix($0)))) }
    }
}
