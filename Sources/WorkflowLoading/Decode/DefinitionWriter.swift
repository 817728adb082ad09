package import JSON

/// Writes definitions as files.
package enum DefinitionWriter {
    package static let apiVersion = "muster.giantswarm.io/v1alpha1"

    /// A definition in the full envelope, fields in camelCase. See README.md.
    package static func document(
        _ kind: DefinitionKind,
        name: String,
        labels: [String: String] = [:],
        spec: JSONObject
    ) -> JSONObject {
        var metadata: JSONObject = ["name": .string(name), "namespace": "default"]
        if !labels.isEmpty {
            metadata["labels"] = .object(
                JSONObject(labels.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
            )
        }
        return [
            "apiVersion": .string(apiVersion),
            "kind": .string(kind.rawValue),
            "metadata": .object(metadata),
            "spec": .object(SpecSpelling.camelCase(kind, spec)),
        ]
    }

    /// The text of the file; decoding it gives the same spec in camelCase.
    package static func text(
        _ kind: DefinitionKind,
        name: String,
        labels: [String: String] = [:],
        spec: JSONObject
    ) -> String {
        document(kind, name: name, labels: labels, spec: spec).yamlText()
    }
}
