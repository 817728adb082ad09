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

    static func unknown(_ name: String, at offset: Int) -> TemplateError {
        let hint = nearest(to: name).map { "; did you mean \"\($0)\"?" } ?? ""
        return TemplateError(.unknownFunction, "function \"\(name)\" not defined\(hint)", at: offset)
    }

    static func wrongCount(_ function: Function, _ count: Int, at offset: Int) -> TemplateError {
        let wanted = function.parameters.count
        let qualifier = function.rest == nil ? "" : "at least "
        return TemplateError(
            .argumentCount,
            "wrong number of args for \(function.name): want \(qualifier)\(wanted) got \(count)",
            at: offset
        )
    }

    /// The function whose name differs in at most two letters.
    static func nearest(to name: String) -> String? {
        let limit = name.utf8.count < 4 ? 1 : 2
        var best: (name: String, distance: Int)?
        for candidate in all.keys.sorted() where abs(candidate.utf8.count - name.utf8.count) <= limit {
            let distance = editDistance(Array(candidate.utf8), Array(name.utf8))
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    private static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let change = diagonal + (byte | 0x20 == other | 0x20 ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(change, min(row[j], row[j + 1]) + 1)
            }
        }
        return row[right.count]
    }
}
