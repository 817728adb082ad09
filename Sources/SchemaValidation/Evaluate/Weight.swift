import JSON

/// How many values a value is made of: what comparing or hashing it takes.
enum Weight {
    static func of(_ value: JSONValue) -> Int {
        switch value {
        case .array(let elements): elements.reduce(1) { $0 &+ of($1) }
        case .object(let object): object.withMembers { $0.reduce(1) { $0 &+ of($1.value) } }
        // Long texts and numbers are read as well, though quickly.
        case .string(let text): 1 + text.utf8.count >> 6
        case .bigNumber(let text): 1 + text.text.utf8.count >> 4
        default: 1
        }
    }

    /// Elements are cheaper than subschemas.
    static func steps(of elements: [JSONValue]) -> Int { elements.reduce(0) { $0 &+ of($1) } >> 2 }
}
