import JSON

/// Every document that takes part, and the resources and anchors found in them.
struct SchemaRegistry {
    private(set) var documents: [JSONValue] = []
    private(set) var resources: [SchemaResource] = []
    private(set) var warnings: [SchemaWarning] = []
    /// URI without fragment → index of the resource.
    private var resourceByURI: [String: Int] = [:]
    private var resourceByPlace: [SchemaPlace: Int] = [:]
    private let options: SchemaOptions

    init(options: SchemaOptions) { self.options = options }

    /// Adds a document and scans it.
    ///
    /// - Returns: the index of its root resource.
    mutating func add(_ document: JSONValue, uri: String) throws(SchemaError) -> Int {
        var scan = SchemaScan(document: documents.count, uri: uri, options: options)
        try scan.measure(document, uri: uri)
        documents.append(document)
        let dialect = try dialect(of: document, uri: uri, inherited: nil)
        let first = resources.count
        let root = SchemaResource(
            uri: URIReference(uri).resource,
            document: documents.count - 1,
            pointer: "",
            dialect: dialect.0,
            vocabularies: dialect.1
        )
        try register(root, alsoAs: nil)
        try walk(document, place: SchemaPlace(document: documents.count - 1, pointer: ""), resource: first)
        return first
    }

    private mutating func register(_ resource: SchemaResource, alsoAs alias: String?) throws(SchemaError) {
        let index = resources.count
        resources.append(resource)
        resourceByPlace[SchemaPlace(document: resource.document, pointer: resource.pointer)] = index
        // The first one keeps the name, so that a document cannot take another's.
        if resourceByURI[resource.uri] == nil { resourceByURI[resource.uri] = index }
    }

    // MARK: Scanning

    private mutating func walk(_ schema: JSONValue, place: SchemaPlace, resource: Int) throws(SchemaError) {
        guard case .object(let object) = schema else { return }
        let resource = try enter(object, place: place, resource: resource)
        for (keyword, value) in object {
            guard let form = SubschemaForm.keywords[keyword] else { continue }
            let pointer = place.pointer + "/" + Pointer.escaped(keyword)
            try walkChildren(value, form, SchemaPlace(document: place.document, pointer: pointer), resource)
        }
    }

    private mutating func walkChildren(
        _ value: JSONValue,
        _ form: SubschemaForm,
        _ place: SchemaPlace,
        _ resource: Int
    ) throws(SchemaError) {
        func child(_ token: String) -> SchemaPlace {
            SchemaPlace(document: place.document, pointer: place.pointer + "/" + Pointer.escaped(token))
        }
        switch (form, value) {
        case (.list, .array(let elements)), (.oneOrList, .array(let elements)):
            for (index, element) in elements.enumerated() {
                try walk(element, place: child(String(index)), resource: resource)
            }
        case (.map, .object(let members)), (.mapOfSchemasOrNames, .object(let members)):
            for (key, member) in members { try walk(member, place: child(key), resource: resource) }
        case (.one, _), (.oneOrList, _): try walk(value, place: place, resource: resource)
        default: break
        }
    }

    /// Notes what a schema object calls itself.
    ///
    /// - Returns: the resource that it belongs to.
    private mutating func enter(
        _ object: JSONObject,
        place: SchemaPlace,
        resource outer: Int
    ) throws(SchemaError) -> Int {
        var resource = outer
        let dialect = resources[outer].dialect
        let hidesSiblings = dialect <= .draft7 && object.hasKey("$ref")
        let identifier = object[dialect == .draft4 ? "id" : "$id"] ?? (dialect == .draft4 ? object["$id"] : nil)
        if let id = identifier?.stringValue, !hidesSiblings {
            let reference = URIReference(id)
            if let fragment = reference.fragment, !fragment.isEmpty, dialect <= .draft7 {
                // Until draft 7 an identifier could name an anchor.
                resources[resource].anchors[String(fragment)] = place.pointer
            }
            if reference.resource != "" {
                let uri = reference.resolved(against: URIReference(resources[outer].uri)).resource
                resource = try enterResource(uri, object, place: place, outer: outer)
            }
        }
        if let anchor = object["$anchor"]?.stringValue, dialect >= .draft2019_09 {
            try define(anchor, at: place, in: resource, isDynamic: false)
        }
        if let anchor = object["$dynamicAnchor"]?.stringValue, dialect >= .draft2020_12 {
            try define(anchor, at: place, in: resource, isDynamic: true)
        }
        if case .bool(true) = object["$recursiveAnchor"], dialect == .draft2019_09 {
            resources[resource].dynamicAnchors[Self.recursiveAnchor] = place.pointer
        }
        return resource
    }

    /// The name under which the recursive anchors of draft 2019-09 are kept; no anchor can be called so.
    static let recursiveAnchor = "#recursive"

    private mutating func enterResource(
        _ uri: String,
        _ object: JSONObject,
        place: SchemaPlace,
        outer: Int
    ) throws(SchemaError) -> Int {
        if let own = resourceByPlace[place] {
            // A document's root that names itself: known under both names.
            let index = own
            resources[index].uri = uri
            if resourceByURI[uri] == nil { resourceByURI[uri] = index }
            return index
        }
        let dialect = try dialect(of: .object(object), uri: uri, inherited: resources[outer])
        let resource = SchemaResource(
            uri: uri,
            document: place.document,
            pointer: place.pointer,
            dialect: dialect.0,
            vocabularies: dialect.1
        )
        if let other = resourceByURI[uri], resources[other].document == place.document {
            try complain(.duplicateIdentifier, "'\(shortened(uri))' is the identifier of two schemas", resource, place)
        }
        try register(resource, alsoAs: nil)
        return resources.count - 1
    }

    private mutating func define(
        _ anchor: String,
        at place: SchemaPlace,
        in resource: Int,
        isDynamic: Bool
    ) throws(SchemaError) {
        if let other = resources[resource].anchors[anchor], other != place.pointer {
            try complain(
                .duplicateIdentifier,
                "the anchor '\(shortened(anchor))' is defined twice in one resource",
                resources[resource],
                place
            )
            return
        }
        resources[resource].anchors[anchor] = place.pointer
        if isDynamic { resources[resource].dynamicAnchors[anchor] = place.pointer }
    }

    private mutating func complain(
        _ code: SchemaError.Code,
        _ message: String,
        _ resource: SchemaResource,
        _ place: SchemaPlace
    ) throws(SchemaError) {
        let error = SchemaError(code, message, at: location(place, in: resource))
        guard options.strictness == .tolerant else { throw error }
        warnings.append(SchemaWarning(message: error.message, location: error.location))
    }

    // MARK: Dialects

    private mutating func dialect(
        of schema: JSONValue,
        uri: String,
        inherited: SchemaResource?
    ) throws(SchemaError) -> (SchemaDialect, Vocabularies) {
        let fallback = (
            inherited?.dialect ?? options.defaultDialect, inherited?.vocabularies ?? Vocabularies.standard
        )
        guard let name = schema["$schema"]?.stringValue else { return fallback }
        if let known = SchemaDialect(uri: name) { return (known, .standard) }
        let key = URIReference(name).resource
        guard let metaschema = options.documents[key] ?? options.documents[name] else {
            warnings.append(
                SchemaWarning(
                    message: "unknown dialect '\(shortened(name))', read as draft 2020-12",
                    location: uri + "#"
                )
            )
            return (.draft2020_12, .standard)
        }
        let dialect = metaschema["$schema"]?.stringValue.flatMap { SchemaDialect(uri: $0) } ?? .draft2020_12
        return (dialect, try vocabularies(of: metaschema, uri: key))
    }

    private mutating func vocabularies(of metaschema: JSONValue, uri: String) throws(SchemaError) -> Vocabularies {
        guard let listed = metaschema["$vocabulary"]?.objectValue else { return .standard }
        var vocabularies: Vocabularies = .core
        for (name, isRequired) in listed {
            if let known = Vocabularies.named(name) {
                vocabularies.insert(known)
            } else if isRequired.boolValue == true {
                let message = "the metaschema requires the vocabulary '\(shortened(name))', which is not known here"
                guard options.strictness == .tolerant else {
                    throw SchemaError(.unknownVocabulary, message, at: uri + "#/$vocabulary")
                }
                warnings.append(SchemaWarning(message: message, location: uri + "#/$vocabulary"))
            }
        }
        return vocabularies
    }

    // MARK: Looking up

    /// The resource known by a URI without fragment. A document that was handed in is read when it is first asked for.
    mutating func resource(for uri: String) throws(SchemaError) -> Int? {
        if let index = resourceByURI[uri] { return index }
        guard let document = options.documents[uri] ?? MetaSchemas.document(uri) else { return nil }
        let index = try add(document, uri: uri)
        resourceByURI[uri] = index
        return index
    }

    /// The resource that a place belongs to, given the one of a place around it.
    func resource(at place: SchemaPlace, inside outer: Int) -> Int { resourceByPlace[place] ?? outer }

    /// A place's URI with a pointer from its resource's root.
    func location(_ place: SchemaPlace, in resource: SchemaResource) -> String {
        let inner =
            place.pointer.hasPrefix(resource.pointer)
            ? String(place.pointer.dropFirst(resource.pointer.count)) : place.pointer
        return resource.uri + "#" + inner
    }
}

/// Something in a schema that was passed over.
public struct SchemaWarning: Hashable, Sendable {
    public var message: String
    /// URI with a JSON pointer as its fragment.
    public var location: String
}

/// Holds a document against the limits before anything walks through it.
struct SchemaScan {
    var document: Int
    var uri: String
    var options: SchemaOptions
    private var values = 0

    init(document: Int, uri: String, options: SchemaOptions) {
        self.document = document
        self.uri = uri
        self.options = options
    }

    mutating func measure(_ value: JSONValue, uri: String, depth: Int = 0) throws(SchemaError) {
        values += 1
        guard values <= options.limits.values else {
            throw SchemaError(.tooLarge, "the schema has more than \(options.limits.values) values", at: uri + "#")
        }
        guard depth <= options.limits.depth else {
            throw SchemaError(.tooLarge, "the schema is nested deeper than \(options.limits.depth)", at: uri + "#")
        }
        switch value {
        case .array(let elements): for element in elements { try measure(element, uri: uri, depth: depth + 1) }
        case .object(let object): for value in object.values { try measure(value, uri: uri, depth: depth + 1) }
        default: break
        }
    }
}

/// Whether a character would start a line of its own or turn the direction of what stands beside it.
private func isDisruptive(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: scalar.properties.generalCategory == .control
    }
}

/// A text from a schema or a value as a message may show it.
func shortened(_ text: String, to limit: Int = 60) -> String {
    let scalars = text.unicodeScalars.prefix(limit + 1)
    var output = String.UnicodeScalarView()
    for scalar in scalars.prefix(limit) {
        // Control characters would let a value write lines of its own into somebody's log.
        output.append(isDisruptive(scalar) ? "\u{FFFD}" : scalar)
    }
    return String(output) + (scalars.count > limit ? "…" : "")
}
