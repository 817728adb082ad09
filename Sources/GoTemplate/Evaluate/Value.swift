import JSON

/// A value while a template runs: what JSON can hold, and what functions make besides.
enum Value {
    case null
    case bool(Bool)
    case integer(Int64, IntegerKind)
    case double(Double)
    case string(String)
    /// A text that is not UTF-8; see `TextBytes`.
    case bytes([UInt8])
    case list(ListBox)
    case map(MapBox)
    case time(TimeBox)
    case version(VersionBox)
}

/// What Go calls an integer; only seen in names of types and in messages of `printf`.
enum IntegerKind: UInt8 {
    /// Literals, lengths and counts.
    case int
    /// Data and results of arithmetic.
    case int64
    /// Bytes of a string.
    case uint8
    /// Numbers of a version.
    case uint64
    /// Months and days of a time and durations, which print as words in Go.
    case month, weekday, duration
}

extension Value {
    static func int(_ value: Int) -> Value { .integer(Int64(value), .int) }
    static func int64(_ value: Int64) -> Value { .integer(value, .int64) }
    static func list(_ elements: [Value]) -> Value { .list(ListBox(elements)) }
    static func object(_ members: MemberTable) -> Value { .map(MapBox(members)) }
    static func strings(_ texts: [String]) -> Value {
        .list(ListBox(texts.map { .string($0) }, elementType: "string"))
    }

    /// The value of some JSON; `tracks` says whether changes to objects must be seen by all who hold them.
    init(_ json: JSONValue, tracks: Bool) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .integer(value, .int64)
        case .double(let value): self = .double(value)
        case .bigNumber(let number): self = .double(Double(number.text) ?? 0)
        case .string(let text): self = .string(text)
        case .array(let elements): self = .list(ListBox(json: elements, tracks: tracks))
        case .object(let object): self = .map(MapBox(json: object, tracks: tracks))
        }
    }

    /// False for false, 0, "", null and everything without elements.
    var isTrue: Bool {
        switch self {
        case .null: false
        case .bool(let value): value
        case .integer(let value, _): value != 0
        case .double(let value): value != 0
        case .string(let text): !text.isEmpty
        case .bytes: true
        case .list(let list): list.count > 0
        case .map(let map): map.count > 0
        case .time(let time): time.isTrue
        case .version: true
        }
    }

    /// Go's name of the type, where lists and objects made by functions of texts or numbers are told apart.
    var exactTypeName: String {
        switch self {
        case .list(let list): "[]" + list.elementType
        case .map(let map) where map.isTextMap: "map[string]string"
        default: typeName
        }
    }

    /// Whether Go has nothing here: null, and the list that was never made.
    var isNil: Bool {
        switch self {
        case .null: true
        case .list(let list): list.isNil
        default: false
        }
    }

    var isNull: Bool { if case .null = self { true } else { false } }

    /// Go's name of the type.
    var typeName: String {
        switch self {
        case .null: "<nil>"
        case .bool: "bool"
        case .integer(_, let kind):
            switch kind {
            case .int: "int"
            case .int64: "int64"
            case .uint8: "uint8"
            case .uint64: "uint64"
            case .month: "time.Month"
            case .weekday: "time.Weekday"
            case .duration: "time.Duration"
            }
        case .double: "float64"
        case .string, .bytes: "string"
        case .list: "[]interface {}"
        case .map(let map): map.isCertificate ? "sprig.certificate" : "map[string]interface {}"
        case .time: "time.Time"
        case .version(let version): version.isPointer ? "*semver.Version" : "semver.Version"
        }
    }

    /// Go's name of the kind.
    var kindName: String {
        switch self {
        case .null: "invalid"
        case .list: "slice"
        case .map(let map): map.isCertificate ? "struct" : "map"
        case .time: "struct"
        case .version(let version): version.isPointer ? "ptr" : "struct"
        case .integer(_, .month), .integer(_, .weekday): "int"
        case .integer(_, .duration): "int64"
        default: typeName
        }
    }

    /// Levels of nesting as far as they are known without looking inside.
    var depth: Int {
        switch self {
        case .list(let list): list.depth
        case .map(let map): map.depth
        default: 0
        }
    }
}
