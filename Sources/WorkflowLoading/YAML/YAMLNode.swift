package import Diagnostics
import JSON

/// One node of a YAML document with its place; aliases and merge keys are already resolved.
package struct YAMLNode: Sendable {
    package enum Content: Sendable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        /// In the order of the file; the keys' texts are unique.
        case mapping([YAMLEntry])
    }

    package var content: Content
    /// Written out in full, e.g. `tag:yaml.org,2002:str`; nil when the file has none.
    package var tag: String?
    /// Nil for a node that was made from JSON.
    package var range: SourceRange?

    package init(_ content: Content, tag: String? = nil, range: SourceRange? = nil) {
        self.content = content
        self.tag = tag
        self.range = range
    }
}

/// A scalar's text after folding and unescaping.
package struct YAMLScalar: Sendable, Hashable {
    package enum Style: Sendable {
        case plain, singleQuoted, doubleQuoted, literal, folded
    }

    package var text: String
    package var style: Style

    package init(_ text: String, style: Style) {
        self.text = text
        self.style = style
    }
}

/// A member of a mapping. Keys are always text, whatever they look like.
package struct YAMLEntry: Sendable {
    package var key: String
    package var keyRange: SourceRange?
    package var value: YAMLNode

    package init(key: String, keyRange: SourceRange?, value: YAMLNode) {
        self.key = key
        self.keyRange = keyRange
        self.value = value
    }
}

extension YAMLNode {
    package var entries: [YAMLEntry]? { if case .mapping(let entries) = content { entries } else { nil } }

    package var elements: [YAMLNode]? { if case .sequence(let elements) = content { elements } else { nil } }

    package var scalar: YAMLScalar? { if case .scalar(let scalar) = content { scalar } else { nil } }

    /// The value under `key`; nil when the node is no mapping or has no such key.
    package subscript(key: String) -> YAMLNode? { entries?.first { $0.key == key }?.value }

    /// Whether the node reads as null.
    package var isNull: Bool { scalar != nil && json.isNull }
}
