import JSON
import RegularExpressions

/// A run of entries in one of the program's tables.
struct Stretch: Sendable {
    var start: Int32 = 0
    var count: Int32 = 0

    @inline(__always) var range: Range<Int> { Int(start)..<Int(start + count) }
    var isEmpty: Bool { count == 0 }
}

/// One check. Numbers that are not limits are indices into tables or nodes of the program.
enum Instruction: Sendable {
    // Numbers.
    case minimum(Int64)
    case maximum(Int64)
    case bound(Int32)
    case multipleOf(Int32)
    // Texts.
    case minLength(Int)
    case maxLength(Int)
    case pattern(Int32)
    case format(Format)
    // Arrays.
    case minItems(Int)
    case maxItems(Int)
    case uniqueItems
    case items(Int32)
    case contains(Int32)
    // Objects.
    case minProperties(Int)
    case maxProperties(Int)
    case propertyNames(Int32)
    case dependentRequired(Int32)
    case dependentSchemas(Int32)
    // Any value.
    case constant(Int32)
    case enumeration(Int32)
    case reference(Int32)
    case dynamicReference(Int32)
    case all(Stretch)
    case any(Stretch)
    case one(Stretch)
    case not(Int32)
    case conditional(Int32)
    /// `any` and `one` when a member of the value says which alternatives are possible.
    case anyByMember(Int32)
    case oneByMember(Int32)
    case text(Int32)
}

/// A compiled subschema: which types it accepts, and what is checked for each.
struct Node: Sendable {
    var types: TypeSet = .all
    /// Whether nothing but the type is checked.
    var isPlain = false
    var resource: Int32 = 0
    var number = Stretch()
    var string = Stretch()
    var array = Stretch()
    var object = Stretch()
    /// Member rules, or -1.
    var members: Int32 = -1
    /// For every type, after the type's own.
    var general = Stretch()
    /// Nodes, or -1.
    var unevaluatedItems: Int32 = -1
    var unevaluatedProperties: Int32 = -1
}

/// A limit that is no small inclusive integer.
struct Bound: Sendable {
    var limit: JSONValue
    var isUpper: Bool
    var isExclusive: Bool
    /// The limit when it is a double, otherwise NaN.
    var double: Double

    var keyword: String {
        isUpper ? (isExclusive ? "exclusiveMaximum" : "maximum") : (isExclusive ? "exclusiveMinimum" : "minimum")
    }
}

struct ItemRules: Sendable {
    /// Nodes of the leading elements, in `children`.
    var prefix: Stretch
    /// Node of all others, or -1.
    var rest: Int32
    /// Whether they are called `items` and `additionalItems`, as before draft 2020-12.
    var hasOldNames: Bool

    var prefixKeyword: String { hasOldNames ? "items" : "prefixItems" }
    var restKeyword: String { hasOldNames ? "additionalItems" : "items" }
}

struct ContainsRule: Sendable {
    var node: Int32
    var minimum: Int
    var maximum: Int
    /// Whether what it matches counts as evaluated: since draft 2020-12.
    var marks: Bool
}

/// `properties`, `patternProperties`, `additionalProperties` and `required`, checked in one walk.
struct MemberRules: Sendable {
    var table: KeyTable
    /// In `patternRules`.
    var patterns: Stretch
    /// Node or -1.
    var additional: Int32
    /// In `requiredKeys`.
    var required: Stretch
    /// One bit for each of the first 64 required names.
    var requiredMask: UInt64
}

struct PatternRule: Sendable {
    var pattern: Int32
    var node: Int32
}

struct DependentNames: Sendable {
    var keyword: String
    /// Name → names that have to be there too.
    var entries: [(String, [String])]
}

struct DependentNodes: Sendable {
    var keyword: String
    var entries: [(String, Int32)]
}

struct Conditional: Sendable {
    var condition: Int32
    var then: Int32
    var otherwise: Int32
}

/// Alternatives that a member with a text tells apart.
struct Discriminator: Sendable {
    var property: KeyWords
    var name: String
    /// Text → index in `candidates`.
    var table: KeyTable
    /// All alternatives, in `children`.
    var all: Stretch
}

/// A text that is the only one accepted.
struct TextConstant: Sendable {
    var words: KeyWords
    var text: String
}

/// The targets that a `$dynamicRef` may have.
struct DynamicTarget: Sendable {
    var name: String
    /// Where it leads when no resource in scope has the anchor.
    var fallback: Int32
    /// Resource → node.
    var candidates: [(resource: Int32, node: Int32)] = []
}

struct Pattern: Sendable {
    var expression: RegularExpression?
    var source: String
    var shape: PatternShape
}

/// What is known about a node besides what is checked.
struct NodeInfo: Sendable {
    var schema: JSONValue
    /// JSON pointer from the resource's root.
    var pointer: String
    var resourceURI: String
    /// Number of the document.
    var document: Int
    var dialect: SchemaDialect
    /// Node that `$ref` or `$dynamicRef` lead to without a dynamic scope, or -1.
    var reference: Int32 = -1
    /// Child nodes by the pointer from this node: `/properties/name`, `/items`, `/anyOf/0`.
    var children: [String: Int32] = [:]
}

/// A compiled schema while it is made: flat tables that refer to each other by index.
struct ProgramTables: Sendable {
    var nodes: [Node] = []
    var infos: [NodeInfo] = []
    var instructions: [Instruction] = []
    var children: [Int32] = []
    var bounds: [Bound] = []
    var divisors: [Divisor] = []
    var divisorValues: [JSONValue] = []
    var patterns: [Pattern] = []
    var values: [JSONValue] = []
    var enumerations: [Enumeration] = []
    var itemRules: [ItemRules] = []
    var containsRules: [ContainsRule] = []
    var memberRules: [MemberRules] = []
    var keySlots: [KeySlot] = []
    var keys: [String] = []
    var patternRules: [PatternRule] = []
    var requiredKeys: [String] = []
    var dependentNames: [DependentNames] = []
    var dependentNodes: [DependentNodes] = []
    var conditionals: [Conditional] = []
    var discriminators: [Discriminator] = []
    /// For each text of a discriminator, alternatives in `children`.
    var candidates: [Stretch] = []
    var texts: [TextConstant] = []
    var dynamicTargets: [DynamicTarget] = []
    /// Whether some `$dynamicRef` depends on where evaluation came from.
    var tracksScope = false
    var limits = SchemaLimits()
}
