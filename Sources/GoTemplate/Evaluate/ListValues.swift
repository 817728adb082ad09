import JSON

/// The elements of a list that a function made, or in which objects may be changed.
final class ListValues {
    private enum Storage {
        case json([JSONValue])
        case values([Value])
        /// The first elements of a list to which more may have been appended since.
        case beginning(Growing, count: Int)
    }

    /// Elements that lists share of which each is the one before with another element, so that appending to a list in a
    /// loop does not copy it each time.
    private final class Growing {
        var elements: [Value]

        init(_ elements: [Value]) { self.elements = elements }
    }

    private var storage: Storage
    let depth: Int
    let isNil: Bool
    let elementType: String

    init(_ elements: [Value], depth: Int, isNil: Bool, elementType: String) {
        storage = .values(elements)
        self.depth = depth
        self.isNil = isNil
        self.elementType = elementType
    }

    init(json: [JSONValue]) {
        storage = .json(json)
        depth = 1
        isNil = false
        elementType = "interface {}"
    }

    private init(_ growing: Growing, depth: Int) {
        storage = .beginning(growing, count: growing.elements.count)
        self.depth = depth
        isNil = false
        elementType = "interface {}"
    }

    var count: Int {
        switch storage {
        case .json(let json): json.count
        case .values(let elements): elements.count
        case .beginning(_, let count): count
        }
    }

    var elements: [Value] {
        switch storage {
        case .values(let elements): return elements
        case .json(let json):
            let elements = json.map { Value($0, tracks: true) }
            storage = .values(elements)
            return elements
        case .beginning(let growing, let count):
            return growing.elements.count == count ? growing.elements : Array(growing.elements[..<count])
        }
    }

    var pristine: [JSONValue]? { if case .json(let json) = storage { json } else { nil } }

    /// The list with one more element; this one stays as it is.
    func appending(_ element: Value) -> ListValues {
        let depth = max(self.depth, element.depth + 1)
        if case .beginning(let growing, let count) = storage, growing.elements.count == count {
            growing.elements.append(element)
            return ListValues(growing, depth: depth)
        }
        return ListValues(Growing(elements + [element]), depth: depth)
    }
}
