extension Template {
    /// Every function that a template can call, by family.
    public static let signatures: [TemplateSignature] = FunctionTable.families.flatMap { family in
        family.functions.map { signature(of: $0, in: family.name) }
    }

    private static let entries: [String: SignatureEntry] = {
        let tables = [
            SignatureEntry.access, SignatureEntry.comparison, SignatureEntry.format, SignatureEntry.conversion,
            SignatureEntry.defaults, SignatureEntry.json, SignatureEntry.reflection, SignatureEntry.object,
            SignatureEntry.list, SignatureEntry.textList, SignatureEntry.string, SignatureEntry.case,
            SignatureEntry.encoding, SignatureEntry.path, SignatureEntry.regex, SignatureEntry.url,
            SignatureEntry.math, SignatureEntry.decimal, SignatureEntry.date, SignatureEntry.version,
            SignatureEntry.hash, SignatureEntry.crypto, SignatureEntry.certificate, SignatureEntry.random,
        ]
        return Dictionary(tables.joined().map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    }()

    /// Names that sprig keeps for old templates.
    private static let deprecated: Set<String> = [
        "trimall", "biggest", "tuple", "date_modify", "date_in_zone", "must_date_modify",
    ]

    /// - Precondition: The tables of this folder have the function or the one that it is another name for.
    private static func signature(of function: Function, in family: String) -> TemplateSignature {
        guard let entry = entries[function.name] ?? function.original.flatMap({ entries[$0] }) else {
            preconditionFailure("function \(function.name) has no signature")
        }
        let alias = entries[function.name] == nil ? function.original : nil
        return TemplateSignature(
            family: family,
            name: function.name,
            parameters: entry.parameters,
            rest: entry.rest,
            result: entry.result,
            isDeterministic: entry.isDeterministic,
            alwaysFails: entry.alwaysFails,
            changesArgument: FunctionTable.changingFunctions.contains(function.name),
            alias: alias,
            isDeprecated: deprecated.contains(function.name),
            summary: function.summary,
            examples: alias == nil ? entry.examples : []
        )
    }
}
