import JSON

/// The arguments of one call, read with sentences for what is wrong with them.
struct ToolArguments: Sendable {
    private let values: JSONObject

    init(_ values: JSONObject) { self.values = values }

    func text(_ name: String) throws(ToolFailure) -> String {
        guard let text = try optionalText(name) else { throw ToolFailure("\(name) argument is required") }
        return text
    }

    /// Nil when absent, null or empty.
    func optionalText(_ name: String) throws(ToolFailure) -> String? {
        switch values[name] {
        case nil, .null: return nil
        case .string(let text): return text.isEmpty ? nil : text
        case let other?: throw ToolFailure("\(name) must be a string, not \(other.typeName)")
        }
    }

    func cluster(_ name: String) throws(ToolFailure) -> ClusterName {
        guard case .string(let text)? = values[name], !text.isEmpty else {
            throw ToolFailure("\(name) argument is required: the name of a cluster, e.g. my-k8s.my-domain.com")
        }
        return try ClusterName(text)
    }

    func port(_ name: String, allowsZero: Bool = false) throws(ToolFailure) -> Int {
        guard let port = try optionalPort(name, allowsZero: allowsZero) else {
            throw ToolFailure("\(name) argument is required")
        }
        return port
    }

    func optionalPort(_ name: String, allowsZero: Bool = false) throws(ToolFailure) -> Int? {
        let number: Int?
        switch values[name] {
        case nil, .null: return nil
        case .string(let text): number = Int(text)
        case let other?: number = other.integerValue.flatMap { Int(exactly: $0) }
        }
        guard let number, (allowsZero ? 0 : 1)...65_535 ~= number else {
            throw ToolFailure("\(name) must be a port number, not \(values[name]?.text() ?? "")")
        }
        return number
    }
}
