import Diagnostics
package import JSON

private let tagPrefix = "tag:yaml.org,2002:"
private let knownTags: Set<String> = ["str", "int", "float", "bool", "null", "map", "seq"]

extension YAMLNode {
    /// The node as JSON: plain scalars by the core schema, quoted and block scalars as strings.
    package var json: JSONValue {
        switch content {
        case .scalar(let scalar): scalarValue(scalar)
        case .sequence(let elements): .array(elements.map(\.json))
        case .mapping(let entries): .object(JSONObject(entries.map { ($0.key, $0.value.json) }))
        }
    }

    /// A node without places that reads as `value`.
    package init(json value: JSONValue) {
        switch value {
        case .string(let text): self.init(.scalar(YAMLScalar(text, style: .doubleQuoted)))
        case .array(let elements): self.init(.sequence(elements.map { YAMLNode(json: $0) }))
        case .object(let object):
            self.init(.mapping(object.map { YAMLEntry(key: $0, keyRange: nil, value: YAMLNode(json: $1)) }))
        default: self.init(.scalar(YAMLScalar(value.text(), style: .plain)))
        }
    }

    private func scalarValue(_ scalar: YAMLScalar) -> JSONValue {
        switch tag {
        case "!", tagPrefix + "str": .string(scalar.text)
        case tagPrefix + "int", tagPrefix + "float", tagPrefix + "bool", tagPrefix + "null":
            YAMLCoreSchema.value(of: scalar.text)
        default: scalar.style == .plain ? YAMLCoreSchema.value(of: scalar.text) : .string(scalar.text)
        }
    }

    /// Warnings about a scalar that may not mean what it looks like.
    var scalarFindings: DiagnosticBag {
        var findings = DiagnosticBag()
        if let tag, tag != "!",
            !(tag.hasPrefix(tagPrefix) && knownTags.contains(String(tag.dropFirst(tagPrefix.count))))
        {
            findings.warning("WF0113", "the tag '\(tag)' is not known and is ignored", at: range)
        }
        if let scalar, scalar.style == .plain, tag == nil, YAMLCoreSchema.isSpecialFloat(scalar.text) {
            let message = "'\(scalar.text)' has no JSON value and is read as text"
            findings.warning("WF0113", message, at: range, hint: "put it in quotes if text is meant")
        }
        return findings
    }
}
