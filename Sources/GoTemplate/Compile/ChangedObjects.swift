/// Finds out whether a template may change objects of its data, rather than only objects that it has made.
///
/// Data that may be changed has to be converted, so that everyone who holds a part of it sees the change. Most templates
/// only collect something in an object of their own.
struct ChangedObjects {
    private let tables: ProgramTables
    /// Slots, of whichever routine, that hold something else than new objects at some time.
    private var otherSlots: Set<Int32> = []

    static func reachData(_ tables: ProgramTables) -> Bool {
        let search = ChangedObjects(tables)
        return tables.calls.contains {
            FunctionTable.changingFunctions.contains($0.function.name) && !search.isHarmless($0)
        }
    }

    private init(_ tables: ProgramTables) {
        self.tables = tables
        // Slot 0 is `$`, which a caller sets.
        otherSlots.insert(0)
        for range in tables.ranges { otherSlots.formUnion([range.indexSlot, range.elementSlot]) }
        // What is put into a slot may itself come from a slot, so this goes on until nothing is found any more.
        var count = -1
        while count != otherSlots.count {
            count = otherSlots.count
            for node in tables.nodes { noteSlots(of: node) }
        }
    }

    private mutating func noteSlots(of node: Node) {
        switch node {
        case .assign(let list, let value):
            if !isNew(value) { otherSlots.formUnion(tables.lists[Int(list)]) }
        case .sequence(let slot, let value, _):
            if !isNew(value) { otherSlots.insert(slot) }
        default: break
        }
    }

    /// Whether the call changes nothing but an object that the template has made.
    private func isHarmless(_ site: CallSite) -> Bool {
        guard let target = site.arguments.first else { return true }
        switch site.function.name {
        case "set", "unset": return isNew(target)
        // What a second object is merged into may by then have parts of the first one.
        default: return site.arguments.count <= 2 && holdsOnlyConstants(target)
        }
    }

    /// Whether the value is always an object that a function has made; its members may be anything.
    private func isNew(_ node: NodeIndex) -> Bool {
        switch tables.nodes[Int(node)] {
        case .slot(let slot): return !otherSlots.contains(slot)
        case .call(let index):
            let site = tables.calls[Int(index)]
            switch site.function.name {
            case "dict": return true
            case "set", "unset": return site.arguments.first.map(isNew) ?? false
            case "merge", "mergeOverwrite": return site.arguments.first.map(holdsOnlyConstants) ?? false
            default: return false
            }
        default: return false
        }
    }

    /// Whether the value is always a new object, and nothing in it is an object.
    private func holdsOnlyConstants(_ node: NodeIndex) -> Bool {
        guard case .call(let index) = tables.nodes[Int(node)] else { return false }
        let site = tables.calls[Int(index)]
        guard site.function.name == "dict" else { return false }
        return site.arguments.allSatisfy { if case .constant = tables.nodes[Int($0)] { true } else { false } }
    }
}
