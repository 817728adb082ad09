import JSON

/// A list, which never changes; JSON elements are converted when they are first asked for.
final class ListBox {
    private enum Storage {
        case json([JSONValue])
        case values([Value])
    }

    private var storage: Storage
    private let tracks: Bool
    let depth: Int
    /// Go's nil list, which `toJson` writes as `null`; it is empty.
    let isNil: Bool
    /// Go's type of the elements, which only `typeOf` shows.
    let elementType: String

    init(_ elements: [Value], isNil: Bool = false, elementType: String = "interface {}") {
        storage = .values(elements)
        tracks = false
        self.isNil = isNil
        self.elementType = elementType
        depth = elements.reduce(0) { max($0, $1.depth) } + 1
    }

    init(json: [JSONValue], tracks: Bool) {
        storage = .json(json)
        self.tracks = tracks
        isNil = false
        elementType = "interface {}"
        depth = 1
    }

    var count: Int {
        switch storage {
        case .json(let elements): elements.count
        case .values(let elements): elements.count
        }
    }

    var elements: [Value] {
        switch storage {
        case .values(let elements): return elements
        case .json(let json):
            let elements = json.map { Value($0, tracks: tracks) }
            storage = .values(elements)
            return elements
        }
    }

    /// The element at a valid index.
    subscript(index: Int) -> Value {
        if case .json(let json) = storage, !tracks { return Value(json[index], tracks: false) }
        return elements[index]
    }

    /// The elements as they came from JSON, while nothing can have changed inside.
    var pristine: [JSONValue]? { if case .json(let json) = storage { json } else { nil } }
}

/// An object. It is shared by all who hold it, as Go's maps are: `set` changes it for everyone.
final class MapBox {
    private enum Storage {
        case json(JSONObject)
        case values([String: Value])
    }

    private var storage: Storage
    /// Whether the template has functions that change objects, so that identity matters.
    private let tracks: Bool
    private(set) var depth: Int
    /// Whether Go would call it a `map[string]string`, which some functions refuse.
    let isTextMap: Bool
    /// Whether Go would call it a certificate, a structure with the fields `Cert` and `Key`.
    let isCertificate: Bool

    init(_ members: [String: Value], isTextMap: Bool = false, isCertificate: Bool = false) {
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

    /// The members as they came from JSON, while nothing can have changed inside.
    var pristine: JSONObject? { if case .json(let object) = storage { object } else { nil } }

    /// What a path may walk without making boxes on the way.
    var walkable: JSONObject? { tracks ? nil : pristine }

    subscript(key: String) -> Value? {
        switch storage {
        case .values(let members): return members[key]
        case .json(let object):
            guard let json = object[key] else { return nil }
            switch json {
            case .array, .object:
                if tracks { return own()[key] }
            default: break
            }
            return Value(json, tracks: tracks)
        }
    }

    func hasKey(_ key: String) -> Bool {
        switch storage {
        case .values(let members): members[key] != nil
        case .json(let object): object.hasKey(key)
        }
    }

    var sortedKeys: [String] {
        switch storage {
        case .values(let members): sorted(Array(members.keys))
        case .json(let object): sorted(object.keys)
        }
    }

    /// All members.
    var members: [String: Value] { own() }

    func set(_ key: String, _ value: Value?) {
        _ = own()
        guard case .values(var members) = storage else { return }
        // The storage must not hold a second reference while the dictionary changes.
        storage = .values([:])
        members[key] = value
        storage = .values(members)
        if let value { depth = max(depth, value.depth + 1) }
    }

    func removeAll() { storage = .values([:]) }

    private func own() -> [String: Value] {
        switch storage {
        case .values(let members): return members
        case .json(let object):
            var members: [String: Value] = [:]
            members.reserveCapacity(object.count)
            for (key, value) in object { members[key] = Value(value, tracks: tracks) }
            storage = .values(members)
            return members
        }
    }

    private func sorted(_ keys: [String]) -> [String] {
        keys.count < 2 ? keys : keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
