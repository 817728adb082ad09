/// An automaton with all its states, which many threads can use at once.
final class CompleteAutomaton: Sendable {
    private let table: AutomatonTable
    private let firstRow: Int

    /// Takes a table without unknown transitions.
    init(_ table: AutomatonTable) {
        self.table = table
        firstRow = table.firstRows[AutomatonTable.index(.edge, isAnchored: false)]
    }

    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var walk = AutomatonTable.Walk(position: 0, row: firstRow)
        _ = table.scan(text, &walk, true)
        if walk.match >= 0 { return true }
        guard walk.position == text.count, walk.row != AutomatonTable.deadRow else { return false }
        return table.transitions[walk.row + table.endSymbol] & AutomatonTable.matchBit != 0
    }
}
