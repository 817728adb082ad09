import JSON

/// Makes values that a shape probably accepts, at its edges and at those of what it is compared with.
///
/// Nothing here has to be right: every value is asked of both validators before it counts.
struct Samples {
    /// How deep values are varied.
    static let variedDepth = 2
    /// How deep a value is built at all.
    static let depth = 6
    /// So many values of one part are put into another.
    private static let fewest = 6

    let program: Program
    let reader: ShapeReader
    let target: ShapeReader

    // MARK: Of a term

    /// A value that a term of the left side accepts; nil when none was found.
    func example(of term: Term, depth: Int) -> JSONValue? {
        guard depth > 0, let shapes = reader.shapes(of: term) else { return nil }
        for shape in shapes {
            for value in plainValues(of: shape, depth: depth) where program.accepts(term.nodes, value) == true {
                return value
            }
        }
        return nil
    }

    /// Several values that a term accepts.
    private func variety(of term: Term, depth: Int) -> [JSONValue] {
        guard depth > 0, let shapes = reader.shapes(of: term) else { return [] }
        let all = shapes.flatMap { values(of: $0, against: [], depth: depth) }
        return all.prefix(200).filter { program.accepts(term.nodes, $0) == true }
    }

    /// Scalars at the edges, and the smallest array and object.
    private func plainValues(of shape: Shape, depth: Int) -> [JSONValue] {
        if let values = shape.values { return values }
        var found = scalars(of: shape, against: [])
        if shape.types.contains(.array), let elements = elements(shape.array, shape.array.minimum, depth) {
            found.append(.array(elements))
        }
        if shape.types.contains(.object), let object = object(shape.object, with: [], depth: depth) {
            found.append(object)
        }
        return found
    }

    private func scalars(of shape: Shape, against others: [Shape]) -> [JSONValue] {
        var found: [JSONValue] = []
        if shape.types.contains(.null) { found.append(.null) }
        if shape.types.contains(.boolean) { found += [.bool(true), .bool(false)] }
        if !shape.types.isDisjoint(with: .number) { found += numbers(shape, others) }
        if shape.types.contains(.string) { found += texts(shape.text, others) }
        return found
    }

    /// - Parameter depth: of variations.
    func values(of shape: Shape, against others: [Shape], depth: Int) -> [JSONValue] {
        if let values = shape.values { return values }
        var found = scalars(of: shape, against: others)
        if shape.types.contains(.array) { found += arrays(shape.array, others) }
        if shape.types.contains(.object) { found += objects(shape.object, others, depth) }
        return found + others.flatMap(\.excluded)
    }

    // MARK: Numbers

    private func numbers(_ shape: Shape, _ others: [Shape]) -> [JSONValue] {
        var edges: [JSONValue] = [.integer(0), .integer(1)]
        for number in [shape.number] + others.map(\.number) {
            edges += [number.lower?.value, number.upper?.value].compactMap { $0 } + number.divisors
        }
        edges += others.flatMap { $0.values ?? [] }.filter(\.isNumber)
        var found: [JSONValue] = []
        for edge in edges {
            found.append(edge)
            switch edge {
            case .integer(let number):
                for step: Int64 in [-1, 1] {
                    let (sum, overflows) = number.addingReportingOverflow(step)
                    if !overflows { found.append(.integer(sum)) }
                }
                for step in [-0.5, 0.5] { found.append(.double(Double(number) + step)) }
            case .double(let number):
                for step in [-1, -0.5, 0.5, 1] { found.append(.double(number + step)) }
                for whole in [number.rounded(.down), number.rounded(.up)] {
                    if let whole = Int64(exactly: whole) { found.append(.integer(whole)) }
                }
            default: break
            }
        }
        for divisor in shape.number.divisors { found += multiples(of: divisor, near: found) }
        return found + [.integer(-1_000_000), .integer(1_000_000), .double(1e300)]
    }

    private func multiples(of divisor: JSONValue, near edges: [JSONValue]) -> [JSONValue] {
        guard let divisor = divisor.doubleValue, divisor > 0 else { return [] }
        return edges.flatMap { edge -> [JSONValue] in
            guard let number = edge.doubleValue, abs(number / divisor) < 1e12 else { return [] }
            let below = (number / divisor).rounded(.down)
            return [below - 1, below, below + 1].map { factor in
                let value = factor * divisor
                return Int64(exactly: value).map { .integer($0) } ?? .double(value)
            }
        }
    }

    // MARK: Texts

    private func texts(_ shape: TextShape, _ others: [Shape]) -> [JSONValue] {
        var lengths = [shape.minimum, shape.minimum + 1, min(shape.maximum, shape.minimum + 8)]
        for other in others {
            for limit in [other.text.minimum, other.text.maximum] where limit < 10_000 {
                lengths += [limit - 1, limit, limit + 1]
            }
        }
        if shape.maximum < 10_000 { lengths.append(shape.maximum) }
        var found = lengths.filter { (0...10_000).contains($0) }.map { String(repeating: "a", count: $0) }
        found += ["", "a", "A", "0", " ", "-", "true", "value"]
        found += shape.formats.sorted { $0.rawValue < $1.rawValue }.map(FormatExample.text)
        for pattern in shape.patterns.sorted() { found += PatternExample.texts(pattern) }
        for other in others {
            for text in (other.values ?? []).compactMap(\.stringValue) { found += [text, text + "x"] }
        }
        return found.map { .string($0) }
    }

    // MARK: Arrays and objects

    private func arrays(_ shape: ArrayShape, _ others: [Shape]) -> [JSONValue] {
        var counts = [shape.minimum, shape.minimum + 1, shape.minimum + 2]
        for other in others {
            for limit in [other.array.minimum, other.array.maximum] where limit < 1_000 {
                counts += [limit - 1, limit + 1]
            }
        }
        if shape.maximum < 1_000 { counts.append(shape.maximum) }
        var found: [JSONValue] = []
        for count in Set(counts).sorted() where (0...min(shape.maximum, 1_000)).contains(count) {
            if let elements = elements(shape, count, Self.depth) { found.append(.array(elements)) }
        }
        // Elements of several kinds at once.
        var mixed: [JSONValue] = []
        for part in reader.shapes(of: shape.rest) ?? [] {
            for value in part.values ?? scalars(of: part, against: [])
            where !mixed.contains(where: { TypeSet.of($0) == TypeSet.of(value) }) { mixed.append(value) }
        }
        if shape.prefix.isEmpty, mixed.count > 1 { found += [.array(Array(mixed.prefix(2))), .array(mixed)] }
        return found
    }

    private func elements(_ shape: ArrayShape, _ count: Int, _ depth: Int) -> [JSONValue]? {
        var elements: [JSONValue] = []
        for index in 0..<count {
            let term = shape.item(index)
            if shape.isUnique {
                let options = variety(of: term, depth: min(depth - 1, 1))
                let fresh = options.first { option in !elements.contains { ValueEquality.areEqual($0, option) } }
                guard let fresh else { return nil }
                elements.append(fresh)
            } else if index > shape.prefix.count, let last = elements.last {
                elements.append(last)
            } else {
                guard let value = example(of: term, depth: depth - 1) else { return nil }
                elements.append(value)
            }
        }
        return elements
    }

    /// An array of the shape with a value at one place.
    func array(_ shape: ArrayShape, with value: JSONValue, at index: Int) -> JSONValue? {
        let count = max(shape.minimum, index + 1)
        guard count <= min(shape.maximum, 1_000), var elements = elements(shape, count, Self.depth) else { return nil }
        elements[index] = value
        return .array(elements)
    }

    private func objects(_ shape: ObjectShape, _ others: [Shape], _ depth: Int) -> [JSONValue] {
        guard let small = object(shape, with: []) else { return [] }
        var found = [small]
        var declared: [(String, JSONValue)] = []
        var seen: Set<String> = []
        let names = (shape.rules + others.flatMap(\.object.rules)).flatMap { $0.properties.map(\.name) }
        for name in names where seen.insert(name).inserted {
            let options = variety(of: reader.member(name, shape), depth: depth - 1).prefix(Self.fewest)
            for value in options {
                if let object = object(shape, with: [(name, value)]) { found.append(object) }
            }
            if let first = options.first { declared.append((name, first)) }
        }
        if let full = object(shape, with: declared) { found.append(full) }
        for name in freeNames(shape, matching: nil) {
            for value in variety(of: reader.member(name, shape), depth: depth - 1).prefix(Self.fewest) {
                if let object = object(shape, with: [(name, value)]) { found.append(object) }
            }
        }
        for other in others where other.object.maximum < 100 {
            let extra = (0...other.object.maximum).map { ("extra\($0)", JSONValue.null) }
            if let object = object(shape, with: extra) { found.append(object) }
        }
        return found
    }

    /// The smallest object of the shape that has some members.
    func object(_ shape: ObjectShape, with members: [(String, JSONValue)], depth: Int = Samples.depth) -> JSONValue? {
        var object = JSONObject(members)
        for name in shape.required where !object.hasKey(name) {
            guard let value = example(of: reader.member(name, shape), depth: depth - 1) else { return nil }
            object[name] = value
        }
        guard object.count < shape.minimum else { return .object(object) }
        let spare =
            shape.rules.flatMap { $0.properties.map(\.name) } + (0..<min(shape.minimum, 100)).map { "extra\($0)" }
        for name in spare where !object.hasKey(name) && object.count < shape.minimum {
            if let value = example(of: reader.member(name, shape), depth: depth - 1) { object[name] = value }
        }
        return object.count < shape.minimum ? nil : .object(object)
    }

    /// Names that a shape does not declare.
    func freeNames(_ shape: ObjectShape, matching source: String?) -> [String] {
        var names = source.map { PatternExample.texts($0) } ?? []
        names += ["extra", "other_name", "x-extra", "Z9"]
        names += shape.rules.flatMap { $0.patterns.flatMap { PatternExample.texts($0.source) } }
        return names.filter { name in !shape.rules.contains { $0.node(of: name) != nil } }
    }
}

/// A text of each format.
enum FormatExample {
    static func text(_ format: Format) -> String {
        switch format {
        case .date: "2025-01-31"
        case .time: "12:30:00Z"
        case .dateTime: "2025-01-31T12:30:00Z"
        case .duration: "P1D"
        case .email, .idnEmail: "someone@example.org"
        case .hostname, .idnHostname: "example.org"
        case .ipv4: "192.0.2.1"
        case .ipv6: "2001:db8::1"
        case .uri, .iri, .uriReference, .iriReference: "https://example.org/a"
        case .uriTemplate: "https://example.org/{a}"
        case .uuid: "123e4567-e89b-12d3-a456-426614174000"
        case .jsonPointer: "/a"
        case .relativeJSONPointer: "0"
        case .regex: "a"
        }
    }
}
