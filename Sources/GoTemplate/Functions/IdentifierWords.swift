/// Spellings of identifiers: words are cut where Go's `xstrings` cuts them.
struct IdentifierWords {
    private enum Kind {
        case upper, letters, digits, connector, punctuation, other
        /// Behind the last word.
        case none
    }

    private struct Word {
        var kind: Kind
        var range: Range<Int>
    }

    private let scalars: [Unicode.Scalar]
    private var words: [Word] = []

    private init(_ text: String) {
        scalars = Array(text.unicodeScalars)
        var start = 0
        while start < scalars.count {
            let word = word(at: start)
            words.append(word)
            start = word.range.upperBound
        }
    }

    // MARK: Words

    private static func isConnector(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar == "-" || scalar.properties.isWhitespace
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            true
        default: false
        }
    }

    private static func isUpper(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .uppercaseLetter
    }

    private static func isNumber(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber: true
        default: false
        }
    }

    /// A letter of a script that spells words.
    private static func isAlphabet(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            !((0x3400...0x4D85).contains(scalar.value) || (0x4E00...0x9FCC).contains(scalar.value)
                || (0x20000...0x2B81D).contains(scalar.value))
        default: false
        }
    }

    private func end(from start: Int, while accepts: (Unicode.Scalar) -> Bool) -> Int {
        var end = start
        while end < scalars.count, accepts(scalars[end]) { end += 1 }
        return end
    }

    private func word(at start: Int) -> Word {
        let first = scalars[start]
        let next = start + 1
        func isSmall(_ scalar: Unicode.Scalar) -> Bool { Self.isAlphabet(scalar) && !Self.isUpper(scalar) }
        if Self.isConnector(first) {
            return Word(kind: .connector, range: start..<end(from: next, while: Self.isConnector))
        }
        if Self.isPunctuation(first) {
            return Word(kind: .punctuation, range: start..<end(from: next, while: Self.isPunctuation))
        }
        if Self.isUpper(first) { return Word(kind: .upper, range: start..<upperEnd(next)) }
        if Self.isAlphabet(first) { return Word(kind: .letters, range: start..<end(from: next, while: isSmall)) }
        if Self.isNumber(first) {
            return Word(kind: .digits, range: start..<end(from: next, while: Self.isNumber))
        }
        let end = end(from: next) { scalar in
            !(Self.isConnector(scalar) || Self.isAlphabet(scalar) || Self.isNumber(scalar)
                || Self.isPunctuation(scalar))
        }
        return Word(kind: .other, range: start..<end)
    }

    /// `Http` is one word, and so is `HTTP`; in `HTTPServer` the S belongs to what follows.
    private func upperEnd(_ next: Int) -> Int {
        guard next < scalars.count else { return next }
        guard Self.isUpper(scalars[next]) else {
            return end(from: next) { Self.isAlphabet($0) && !Self.isUpper($0) }
        }
        let end = end(from: next, while: Self.isUpper)
        return end < scalars.count && Self.isAlphabet(scalars[end]) ? end - 1 : end
    }

    // MARK: Joining

    /// Lower case with `connector` between the words and for every connector in the text.
    static func joined(_ text: String, with connector: Unicode.Scalar) -> String {
        var joiner = Joiner(words: IdentifierWords(text), connector: connector)
        joiner.run()
        return String(joiner.output)
    }

    private struct Joiner {
        let words: IdentifierWords
        let connector: Unicode.Scalar
        var output = String.UnicodeScalarView()
        private var index = 0

        init(words: IdentifierWords, connector: Unicode.Scalar) {
            self.words = words
            self.connector = connector
        }

        private var kind: Kind { index < words.words.count ? words.words[index].kind : .none }

        private mutating func take() {
            guard index < words.words.count else { return }
            let word = words.words[index]
            index += 1
            for scalar in words.scalars[word.range] {
                switch word.kind {
                case .connector: output.append(connector)
                case .upper: output.append(CaseFunctions.lower(scalar))
                default: output.append(scalar)
                }
            }
        }

        /// Sets a connector unless one comes anyway.
        private mutating func separate(atEnd: Bool) {
            switch kind {
            case .connector, .punctuation: break
            case .none: if atEnd { output.append(connector) }
            default: output.append(connector)
            }
        }

        private mutating func takeLettersAndDigits() {
            while kind == .letters || kind == .digits { take() }
            separate(atEnd: false)
        }

        mutating func run() {
            while index + 1 < words.words.count {
                let current = kind
                take()
                switch current {
                case .connector, .punctuation, .none: break
                case .digits: takeLettersAndDigits()
                default: takeDigitsBehindWord()
                }
            }
            take()
        }

        /// Digits belong to the word before them, unless small letters follow: `bld4_floor`, but `http_2xx`.
        private mutating func takeDigitsBehindWord() {
            guard kind == .digits else { return separate(atEnd: false) }
            guard index + 1 < words.words.count else { return }
            if words.words[index + 1].kind == .letters {
                output.append(connector)
                takeLettersAndDigits()
            } else {
                take()
                separate(atEnd: false)
            }
        }
    }

    // MARK: Camel case

    /// Words in upper case at their beginning; capitals behind a small letter stay, those behind a capital don't.
    static func camel(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var output = String.UnicodeScalarView()
        let lead = scalars.prefix(while: isConnector)
        output.append(contentsOf: lead)
        guard lead.count < scalars.count else {
            // A text of connectors alone ends in one more, as in the original.
            if let last = scalars.last { output.append(last) }
            return String(output)
        }
        var isRunOfCapitals = isUpper(scalars[lead.count])
        var previous = CaseFunctions.upper(scalars[lead.count])
        for scalar in scalars[(lead.count + 1)...] {
            var current = scalar
            switch (isConnector(current), isConnector(previous)) {
            case (true, true): output.append(previous)
            // One connector vanishes between two words.
            case (false, true):
                isRunOfCapitals = isUpper(current)
                current = CaseFunctions.upper(current)
            default:
                if isRunOfCapitals {
                    if isUpper(current) { current = CaseFunctions.lower(current) } else { isRunOfCapitals = false }
                }
                output.append(previous)
            }
            previous = current
        }
        output.append(previous)
        return String(output)
    }
}
