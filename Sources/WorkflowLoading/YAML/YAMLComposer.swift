import Diagnostics

/// Builds nodes from events; resolves anchors and merge keys and keeps within the limits.
struct YAMLComposer {
    /// What a subtree costs when an alias repeats it.
    struct Weight {
        var nodes = 1
        var bytes = 0
        /// Levels of collections; 0 for a scalar.
        var height = 0

        mutating func add(_ other: Weight) {
            nodes += other.nodes
            bytes += other.bytes
            height = max(height, other.height + 1)
        }
    }

    /// A fault after which nothing more can be read.
    private struct Stop: Error {
        var code: String
        var message: String
        var range: SourceRange
    }

    private let file: SourceFile
    private let events: YAMLEvents
    private let limits: YAMLLimits
    private var anchors: [String: (node: YAMLNode, weight: Weight)] = [:]
    /// Sum over everything composed so far.
    private var spentNodes = 0
    private var spentBytes = 0
    var diagnostics = DiagnosticBag()

    init(file: SourceFile, events: YAMLEvents, limits: YAMLLimits) {
        self.file = file
        self.events = events
        self.limits = limits
    }

    mutating func documents() -> [YAMLNode] {
        var documents: [YAMLNode] = []
        do throws(Stop) {
            while true {
                let (event, _) = try next()
                switch event {
                case .streamEnd: return documents
                case .documentStart:
                    anchors = [:]
                    let (first, range) = try next()
                    documents.append(try compose(first, range, depth: 0).node)
                default: continue
                }
            }
        } catch {
            diagnostics.error(error.code, error.message, at: error.range)
            return documents
        }
    }

    private func next() throws(Stop) -> (event: YAMLEvent, range: SourceRange) {
        do throws(YAMLSyntaxError) {
            return try events.next()
        } catch {
            let range = SourceRange(file: file, start: error.offset, end: error.offset)
            throw Stop(code: "WF0101", message: "malformed YAML: \(error.message)", range: range)
        }
    }

    private mutating func compose(
        _ event: YAMLEvent,
        _ range: SourceRange,
        depth: Int
    ) throws(Stop) -> (node: YAMLNode, weight: Weight) {
        switch event {
        case .scalar(let scalar, let anchor, let tag):
            let weight = Weight(nodes: 1, bytes: scalar.text.utf8.count)
            try spend(weight, range)
            let node = YAMLNode(.scalar(scalar), tag: tag, range: range)
            diagnostics.append(contentsOf: node.scalarFindings)
            return remember(node, weight, anchor)
        case .sequenceStart(let anchor, let tag):
            try enter(depth, range)
            return try composeSequence(range, anchor: anchor, tag: tag, depth: depth + 1)
        case .mappingStart(let anchor, let tag):
            try enter(depth, range)
            return try composeMapping(range, anchor: anchor, tag: tag, depth: depth + 1)
        case .alias(let name):
            guard let (node, weight) = anchors[name] else {
                throw Stop(code: "WF0101", message: "malformed YAML: the anchor '\(name)' is not defined", range: range)
            }
            try spend(weight, range)
            try enter(depth + weight.height - 1, range)
            return (node, weight)
        default:
            throw Stop(code: "WF0101", message: "malformed YAML: a value is expected", range: range)
        }
    }

    private mutating func composeSequence(
        _ start: SourceRange,
        anchor: String?,
        tag: String?,
        depth: Int
    ) throws(Stop) -> (node: YAMLNode, weight: Weight) {
        var elements: [YAMLNode] = []
        var weight = Weight(height: 1)
        try spend(Weight(), start)
        while true {
            let (event, range) = try next()
            if case .collectionEnd = event {
                let node = YAMLNode(.sequence(elements), tag: tag, range: whole(start, range, elements.last?.range))
                return remember(node, weight, anchor)
            }
            let element = try compose(event, range, depth: depth)
            elements.append(element.node)
            weight.add(element.weight)
        }
    }

    private mutating func composeMapping(
        _ start: SourceRange,
        anchor: String?,
        tag: String?,
        depth: Int
    ) throws(Stop) -> (node: YAMLNode, weight: Weight) {
        var mapping = YAMLMappingBuilder()
        var weight = Weight(height: 1)
        try spend(Weight(), start)
        while true {
            let (event, range) = try next()
            if case .collectionEnd = event {
                let merged = mapping.finish(&diagnostics)
                try spend(Weight(nodes: merged, bytes: 0), start)
                let node = YAMLNode(.mapping(mapping.entries), tag: tag, range: whole(start, range, mapping.lastRange))
                return remember(node, weight, anchor)
            }
            let key = try compose(event, range, depth: depth)
            let (valueEvent, valueRange) = try next()
            let value = try compose(valueEvent, valueRange, depth: depth)
            weight.add(key.weight)
            weight.add(value.weight)
            mapping.add(key: key.node, keyRange: range, value: value.node, &diagnostics)
        }
    }

    /// A block collection's end mark stands at the next token; the range ends with the last child instead.
    private func whole(_ start: SourceRange, _ end: SourceRange, _ last: SourceRange?) -> SourceRange {
        let isFlow = end.end > end.start
        let stop = isFlow ? end.end : last.map(\.end) ?? start.end
        return SourceRange(file: file, start: start.start, end: max(stop, start.start))
    }

    private mutating func remember(
        _ node: YAMLNode,
        _ weight: Weight,
        _ anchor: String?
    ) -> (node: YAMLNode, weight: Weight) {
        if let anchor { anchors[anchor] = (node, weight) }
        return (node, weight)
    }

    private func enter(_ depth: Int, _ range: SourceRange) throws(Stop) {
        guard depth < limits.depth else {
            throw Stop(code: "WF0103", message: "nested deeper than the limit of \(limits.depth)", range: range)
        }
    }

    private mutating func spend(_ weight: Weight, _ range: SourceRange) throws(Stop) {
        spentNodes += weight.nodes
        spentBytes += weight.bytes
        guard spentNodes <= limits.nodes, spentBytes <= limits.expandedSize else {
            let message =
                "the file, its aliases expanded, has more than \(limits.nodes) values"
                + " or \(limits.expandedSize) bytes of text"
            throw Stop(code: "WF0103", message: message, range: range)
        }
    }
}
