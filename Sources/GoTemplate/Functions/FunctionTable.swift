import Diagnostics

/// All functions by name.
enum FunctionTable {
    static let families: [(name: String, functions: [Function])] = [
        ("access", AccessFunctions.table),
        ("comparison", ComparisonFunctions.table),
        ("format", FormatFunctions.table),
        ("convert", ConversionFunctions.table),
        ("defaults", DefaultFunctions.table),
        ("dates", DateFunctions.table),
        ("dicts", ObjectFunctions.table),
        ("encoding", EncodingFunctions.table),
        ("hashes", HashFunctions.table),
        ("crypto", CryptoFunctions.table),
        ("certificates", CertificateFunctions.table),
        ("json", JSONFunctions.table),
        ("lists", ListFunctions.table),
        ("math", MathFunctions.table),
        ("decimals", DecimalFunctions.table),
        ("paths", PathFunctions.table),
        ("random", RandomFunctions.table),
        ("reflection", ReflectionFunctions.table),
        ("regex", RegexFunctions.table),
        ("semver", VersionFunctions.table),
        ("strings", StringFunctions.table),
        ("text lists", TextListFunctions.table),
        ("case", CaseFunctions.table),
        ("urls", URLFunctions.table),
    ]

    static let all: [String: Function] = {
        var table: [String: Function] = [:]
        for family in families {
            for function in family.functions { table[function.name] = function }
        }
        return table
    }()

    /// Functions that change an object which the template's data may share.
    static let changingFunctions: Set<String> = [
        "set", "unset", "merge", "mustMerge", "mergeOverwrite", "mustMergeOverwrite",
    ]

    /// Why a function of the original library does not exist here; nil for other names.
    static func refusal(of name: String) -> String? {
        switch name {
        case "env", "expandenv":
            "function \"\(name)\" not defined: it is left out because it would expose the server's environment"
        case "getHostByName":
            "function \"\(name)\" not defined: it is left out because it would expose the server's network"
        default: nil
        }
    }

    static func unknown(_ name: String, at place: Place) -> TemplateError {
        TemplateError(.unknownFunction, "function \"\(name)\" not defined\(hint(for: name))", at: place)
    }

    static func wrongCount(_ function: Function, _ count: Int, at place: Place) -> TemplateError {
        let wanted = function.parameters.count
        let qualifier = function.rest == nil ? "" : "at least "
        return TemplateError(
            .argumentCount,
            "wrong number of args for \(function.name): want \(qualifier)\(wanted) got \(count)",
            at: place
        )
    }

    /// What a function that takes arguments says when it gets none; nil for other names.
    static func missingArguments(of name: String, at place: Place) -> TemplateError? {
        all[name].map { wrongCount($0, 0, at: place) }
    }

    /// Names the function that may be meant; empty when none is near.
    static func hint(for name: String, or others: [String] = []) -> String {
        NearestWord.find(name, in: others + names).map { "; did you mean \"\($0)\"?" } ?? ""
    }

    private static let names = all.keys.sorted()
}
