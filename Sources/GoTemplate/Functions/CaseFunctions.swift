/// Upper and lower case, and the spellings of identifiers.
enum CaseFunctions {
    static let table: [Function] = [
        Function("upper", [.text], "Upper case.") { call throws(TemplateError) in
            .string(PlainText.mapped(call.text(0), PlainText.upper) ?? map(call.text(0), upper))
        },
        Function("lower", [.text], "Lower case.") { call throws(TemplateError) in
            .string(PlainText.mapped(call.text(0), PlainText.lower) ?? map(call.text(0), lower))
        },
        Function("title", [.text], "Upper-cases the first letter of every word, leaves the rest.") {
            call throws(TemplateError) in
            var previous: Unicode.Scalar = " "
            return .string(
                map(call.text(0)) { scalar in
                    defer { previous = scalar }
                    return isTitleSeparator(previous) ? titled(scalar) : scalar
                }
            )
        },
        Function("untitle", [.text], "Lower-cases the first letter of every word.") { call throws(TemplateError) in
            var isStart = true
            return .string(
                map(call.text(0)) { scalar in
                    defer { isStart = scalar.properties.isWhitespace }
                    return isStart ? lower(scalar) : scalar
                }
            )
        },
        Function("swapcase", [.text], "Swaps case; a lower-case letter at a word start becomes title case.") {
            call throws(TemplateError) in
            var isStart = true
            return .string(
                map(call.text(0)) { scalar in
                    defer { isStart = scalar.properties.isWhitespace }
                    switch scalar.properties.generalCategory {
                    case .uppercaseLetter, .titlecaseLetter: return lower(scalar)
                    case .lowercaseLetter: return isStart ? titled(scalar) : upper(scalar)
                    default: return scalar
                    }
                }
            )
        },
        Function("snakecase", [.text], "Words of an identifier in lower case joined with underscores.") {
            call throws(TemplateError) in .string(IdentifierWords.joined(call.text(0), with: "_"))
        },
        Function("kebabcase", [.text], "Words of an identifier in lower case joined with hyphens.") {
            call throws(TemplateError) in .string(IdentifierWords.joined(call.text(0), with: "-"))
        },
        Function("camelcase", [.text], "Identifier in upper camel case.") { call throws(TemplateError) in
            .string(IdentifierWords.camel(call.text(0)))
        },
    ]

    static func map(_ text: String, _ transform: (Unicode.Scalar) -> Unicode.Scalar) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            let mapped = transform(scalar)
            if mapped.isASCII {
                output.append(UInt8(truncatingIfNeeded: mapped.value))
            } else {
                output += UTF8.encode(mapped) ?? UTF8.encodedReplacementCharacter
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Only one-to-one mappings, as in Go: ß stays.
    static func upper(_ scalar: Unicode.Scalar) -> Unicode.Scalar { single(scalar.properties.uppercaseMapping, scalar) }

    static func lower(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        // The one letter whose full mapping is longer than its simple one.
        scalar == "İ" ? "i" : single(scalar.properties.lowercaseMapping, scalar)
    }

    static func titled(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        single(scalar.properties.titlecaseMapping, scalar)
    }

    private static func single(_ mapping: String, _ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let scalars = mapping.unicodeScalars
        guard let first = scalars.first, scalars.count == 1 else { return scalar }
        return first
    }

    private static func isTitleSeparator(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return
                !(scalar == "_" || ("0"..."9").contains(scalar) || ("a"..."z").contains(scalar)
                || ("A"..."Z").contains(scalar))
        }
        return scalar.properties.isWhitespace
    }
}
