/// What a reader of YAML accepts before it gives up.
package struct YAMLLimits: Sendable {
    /// UTF-8 bytes of the file.
    package var size: Int
    /// Nesting of sequences and mappings.
    package var depth: Int
    /// Nodes of all documents of a file, with aliases expanded.
    package var nodes: Int
    /// UTF-8 bytes of all scalars, with aliases expanded.
    package var expandedSize: Int

    package init(size: Int = 4 << 20, depth: Int = 100, nodes: Int = 200_000, expandedSize: Int = 16 << 20) {
        self.size = size
        self.depth = depth
        self.nodes = nodes
        self.expandedSize = expandedSize
    }
}
