/// Why a template cannot be parsed, compiled or evaluated.
package struct TemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The text is not a template: a delimiter, a literal or a structure is wrong.
        case syntax = "TP0201"
        /// A function is called that does not exist.
        case unknownFunction = "TP0202"
        /// A function is called that exists elsewhere but is left out here on purpose.
        case refusedFunction = "TP0203"
        /// A variable is used that was not declared.
        case unknownVariable = "TP0204"
        /// A field was read that the data lacks; see `missingKey`.
        case missingKey = "TP0205"
        /// A value has the wrong kind for what is done with it.
        case wrongKind = "TP0206"
        /// A function got a number of arguments that it does not take.
        case argumentCount = "TP0207"
        /// A function refused its arguments.
        case function = "TP0208"
        /// The template itself called `fail`.
        case failed = "TP0209"
        /// A bound was reached: output, steps or depth.
        case limit = "TP0210"
    }

    package var code: Code
    package var message: String
    /// UTF-8 byte offset in the template's text; nil when no place is known.
    package var offset: Int?
    /// The first absent key when `code` is `missingKey`.
    package var missingKey: String?

    package init(_ code: Code, _ message: String, at offset: Int? = nil, missingKey: String? = nil) {
        self.code = code
        self.message = message
        self.offset = offset
        self.missingKey = missingKey
    }

    package var description: String {
        if let offset { "\(message) (at byte \(offset) of the template)" } else { message }
    }

    /// The same error with a place, unless it has one already.
    func placed(at place: Int) -> TemplateError {
        guard offset == nil else { return self }
        var copy = self
        copy.offset = place
        return copy
    }

    static func missing(_ key: String) -> TemplateError {
        TemplateError(.missingKey, "map has no entry for key \"\(key)\"", missingKey: key)
    }

    static func wrongKind(_ message: String) -> TemplateError { TemplateError(.wrongKind, message) }

    static func function(_ message: String) -> TemplateError { TemplateError(.function, message) }
}
