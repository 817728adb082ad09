/// Which of the two schemas a subschema belongs to.
enum Side: Hashable { case left, right }

/// All of these nodes at once; none accept everything.
struct Term: Hashable {
    let side: Side
    /// Ascending, each once.
    let nodes: [Int32]

    init(side: Side, nodes: [Int32]) {
        self.side = side
        self.nodes = nodes.count < 2 ? nodes : Array(Set(nodes)).sorted()
    }

    func and(_ other: Term) -> Term { Term(side: side, nodes: nodes + other.nodes) }
}
