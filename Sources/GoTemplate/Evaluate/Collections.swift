import JSON

/// A list, which never changes.
enum ListBox {
    /// As it is in the data; elements become values when they are asked for.
    case json([JSONValue])
    case values(ListValues)

    /// - Parameter depth: levels of nesting, where the caller knows them.
    init(_ elements: [Value], isNil: Bool = false, elementType: String = "interface {}", depth: Int? = nil) {
        let depth = depth ?? elements.reduce(0) { max($0, $1.depth) } + 1
        self = .values(ListValues(elements, depth: depth, isNil: isNil, elementType: elementType))
    }

    init(json: [JSONValue], tracks: Bool) { self = tracks ? .values(ListValues(json: json)) : .json(json) }

    var count: Int {
        switch self {
        case .json(let elements): elements.count
        case .values(let list): list.count
        }
    }

    var elements: [Value] {
        switch self {
        case .json(let elements): elements.map { Value($0, tracks: false) }
        case .values(let list): list.elements
        }
    }

    /// The element at a valid index.
    subscript(index: Int) -> Value {
        switch self {
        case .json(let elements): Value(elements[index], tracks: false)
        case .values(let list): list.elements[index]
        }
    }

    /// The list with one more element.
    func appending(_ element: Value) -> ListBox {
        switch self {
        case .json(let elements):
            ListBox(elements.map { Value($0, tracks: false) } + [element], depth: max(1, element.depth + 1))
        case .values(let list): .values(list.appending(element))
        }
    }

    /// Levels of nesting as far as they are known without looking inside.
    var depth: Int { if case .values(let list) = self { list.depth } else { 1 } }

    /// Go's nil list, which `toJson` writes as `null`; it is empty.
    var isNil: Bool { if case .values(let list) = self { list.isNil } else { false } }

    /// Go's type of the elements, which only `typeOf` shows.
    var elementType: String { if case .values(let list) = self { list.elementType } else { "interface {}" } }

    /// The elements as they came from JSON, while nothing can have changed inside.
    var pristine: [JSONValue]? {
        switch self {
        case .json(let elements): elements
        case .values(let list): list.pristine
        }
    }

    static func === (left: ListBox, right: ListBox) -> Bool {
        if case .values(let left) = left, case .values(let right) = right { left === right } else { false }
    }
}

/// An object. Where a template has functions that change objects, it is shared by all who hold it, as Go's maps are.
enum MapBox {
    /// As it is in the data, which nothing changes.
    case json(JSONObject)
    case members(MapMembers)

    init(_ members: MemberTable, isTextMap: Bool = false, isCertificate: Bool = false) {
        self = .members(MapMembers(members, isTextMap: isTextMap, isCertificate: isCertificate))
    }

    init(json: JSONObject, tracks: Bool) {
        self = tracks ? .members(MapMembers(json: json, tracks: true)) : .json(json)
    }

    var count: Int {
        switch self {
        case .json(let object): object.count
        case .members(let members): members.count
        }
    }

    subscript(key: String) -> Value? {
        switch self {
        case .json(let object): object[key].map { Value($0, tracks: false) }
        case .members(let members): members[key]
        }
    }

    func hasKey(_ key: String) -> Bool {
        switch self {
        case .json(let object): object.hasKey(key)
        case .members(let members): members.hasKey(key)
        }
    }

    /// All keys in byte order.
    var sortedKeys: [String] {
        switch self {
        case .json(let object):
            let keys = object.keys
            return object.isSortedByKey ? keys : keys.sorted { $0.precedesByBytes($1) }
        case .members(let members): return members.keys.sorted { $0.precedesByBytes($1) }
        }
    }

    /// All members.
    var table: MemberTable {
        switch self {
        case .json(let object): MemberTable(object, tracks: false)
        case .members(let members): members.all
        }
    }

    /// Levels of nesting as far as they are known without looking inside.
    var depth: Int { if case .members(let members) = self { members.depth } else { 1 } }

    /// Whether Go would call it a `map[string]string`, which some functions refuse.
    var isTextMap: Bool { if case .members(let members) = self { members.isTextMap } else { false } }

    /// Whether Go would call it a certificate, a structure with the fields `Cert` and `Key`.
    var isCertificate: Bool { if case .members(let members) = self { members.isCertificate } else { false } }

    /// The members as they came from JSON, while nothing can have changed inside.
    var pristine: JSONObject? {
        switch self {
        case .json(let object): object
        case .members(let members): members.pristine
        }
    }

    /// Stores a member for everyone who holds the object; nil removes it.
    func set(_ key: String, _ value: Value?) throws(TemplateError) {
        guard case .members(let members) = self else {
            // Cannot be, as long as `ChangedObjects` finds every template that changes data.
            throw .function("this object cannot be changed")
        }
        members.set(key, value)
    }

    static func === (left: MapBox, right: MapBox) -> Bool {
        if case .members(let left) = left, case .members(let right) = right { left === right } else { false }
    }
}

/// The members of an object that a function made, or that may be changed.
final class MapMembers {
    private enum Storage {
        case json(JSONObject)
        case values(MemberTable)
    }

    private var storage: Storage
    private(set) var depth: Int
    let isTextMap: Bool
    let isCertificate: Bool
    private let tracks: Bool

    init(_ members: MemberTable, isTextMap: Bool = false, isCertificate: Bool = false) {
        storage = .values(members)
        tracks = true
        depth = members.values.reduce(0) { max($0, $1.depth) } + 1
        self.isTextMap = isTextMap
        self.isCertificate = isCertificate
    }

    init(json: JSONObject, tracks: Bool) {
        storage = .json(json)
        self.tracks = tracks
        depth = 1
        isTextMap = false
        isCertificate = false
    }

    var count: Int {
        switch storage {
        case .json(let object): object.count
        case .values(let members): members.count
        }
    }

    var keys: [String] {
        switch storage {
        case .json(let object): object.keys
        case .values(let members): members.keys
        }
    }

    var pristine: JSONObject? { if case .json(let object) = storage { object } else { nil } }

    var all: MemberTable {
        switch storage {
        case .values(let members): return members
        case .json(let object):
            let members = MemberTable(object, tracks: tracks)
            storage = .values(members)
            return members
        }
    }

    subscript(key: String) -> Value? {
        switch storage {
        case .values(let members): return members[key]
        case .json(let object):
            guard let json = object[key] else { return nil }
            switch json {
            // Whoever changes what is inside must change it here too.
            case .array where tracks, .object where tracks: return all[key]
            default: return Value(json, tracks: tracks)
            }
        }
    }

    func hasKey(_ key: String) -> Bool {
        switch storage {
        case .values(let members): members.position(of: key) != nil
        case .json(let object): object.hasKey(key)
        }
    }

    func set(_ key: String, _ value: Value?) {
        var members = all
        // The storage must not hold a second reference while the dictionary changes.
        storage = .values([:])
        members[key] = value
        storage = .values(members)
        if let value { depth = max(depth, value.depth + 1) }
    }

    func removeAll() { storage = .values([:]) }
}
