/// What a template text refers to, told by whoever knows the template language.
package struct TemplateReference: Sendable, Hashable {
    /// `["results", "login", "token"]` for `.results.login.token`; one bare name first for the short forms.
    package var path: [String]
    /// UTF-8 offsets into the text, half-open.
    package var start: Int
    package var end: Int

    package init(path: [String], start: Int, end: Int) {
        self.path = path
        self.start = start
        self.end = end
    }
}

/// Why a text is no template.
package struct TemplateProblem: Error, Sendable, Hashable {
    package var message: String
    /// UTF-8 offset into the text; nil when the whole text is meant.
    package var offset: Int?

    package init(message: String, offset: Int? = nil) {
        self.message = message
        self.offset = offset
    }
}

/// Finds the references of a text with `{{` and `}}`.
package typealias TemplateReferences = @Sendable (String) -> Result<[TemplateReference], TemplateProblem>
