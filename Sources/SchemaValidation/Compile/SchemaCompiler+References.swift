import JSON

extension SchemaCompiler {
    /// A resolved reference.
    private struct Target {
        var schema: JSONValue
        var place: SchemaPlace
        var resource: Int
        /// The anchor's name when the fragment was one.
        var anchor: String?
    }

    mutating func compileReferences(
        _ object: JSONObject,
        _ context: SchemaContext,
        _ index: Int32,
        _ draft: inout NodeDraft
    ) throws(SchemaError) {
        if let text = try reference("$ref", object, context), let target = try resolve(text, "$ref", context) {
            let node = try node(target.schema, at: target.place, resource: target.resource)
            program.infos[Int(index)].reference = node
            draft.general.append(.reference(node))
        }
        let dialect = context.home.dialect
        if dialect >= .draft2020_12, let text = try reference("$dynamicRef", object, context),
            let target = try resolve(text, "$dynamicRef", context)
        {
            try compileDynamic(target, isDynamic: registry.resources[target.resource].dynamicAnchors, &draft)
        }
        if dialect == .draft2019_09, let text = try reference("$recursiveRef", object, context),
            var target = try resolve(text, "$recursiveRef", context)
        {
            target.anchor = SchemaRegistry.recursiveAnchor
            try compileDynamic(target, isDynamic: registry.resources[target.resource].dynamicAnchors, &draft)
        }
    }

    private mutating func reference(
        _ keyword: String,
        _ object: JSONObject,
        _ context: SchemaContext
    ) throws(SchemaError) -> String? {
        guard let value = object[keyword] else { return nil }
        guard case .string(let text) = value else {
            try malformed(keyword, "a text with a URI reference", context)
            return nil
        }
        return text
    }

    /// A reference to a dynamic anchor depends on the scope; any other is an ordinary one.
    private mutating func compileDynamic(
        _ target: Target,
        isDynamic anchors: [String: String],
        _ draft: inout NodeDraft
    ) throws(SchemaError) {
        let node = try node(target.schema, at: target.place, resource: target.resource)
        guard let anchor = target.anchor, anchors[anchor] == target.place.pointer else {
            draft.general.append(.dynamicReference(dynamicTarget(named: "", fallback: node)))
            return
        }
        draft.general.append(.dynamicReference(dynamicTarget(named: anchor, fallback: node)))
    }

    private mutating func dynamicTarget(named name: String, fallback: Int32) -> Int32 {
        if let known = program.dynamicTargets.firstIndex(where: { $0.name == name && $0.fallback == fallback }) {
            return Int32(known)
        }
        program.dynamicTargets.append(DynamicTarget(name: name, fallback: fallback))
        return Int32(program.dynamicTargets.count - 1)
    }

    private mutating func resolve(
        _ text: String,
        _ keyword: String,
        _ context: SchemaContext
    ) throws(SchemaError) -> Target? {
        let uri = URIReference(text).resolved(against: URIReference(context.home.uri))
        var resource = context.resource
        if uri.resource != context.home.uri {
            guard let found = try registry.resource(for: uri.resource) else {
                let name = shortened(uri.resource, to: 200)
                let message = "'\(name)' was not handed in, and nothing is fetched"
                try complain(.unresolvedReference, message, context, keyword: keyword)
                return nil
            }
            resource = found
        }
        guard let fragment = URIReference.percentDecoded(uri.fragment ?? "") else {
            try complain(.unresolvedReference, "'\(shortened(text))' has a broken escape", context, keyword: keyword)
            return nil
        }
        if let target = follow(fragment, in: resource) { return target }
        let message = "'\(shortened(text, to: 200))' leads nowhere"
        try complain(.unresolvedReference, message, context, keyword: keyword)
        return nil
    }

    /// Follows a fragment, which is nothing, a pointer or an anchor, from a resource's root.
    private func follow(_ fragment: String, in start: Int) -> Target? {
        let resource = registry.resources[start]
        if !fragment.isEmpty, fragment.utf8.first != 0x2F {
            guard let pointer = resource.anchors[fragment] else { return nil }
            let place = SchemaPlace(document: resource.document, pointer: pointer)
            return value(at: place).map { Target(schema: $0, place: place, resource: start, anchor: fragment) }
        }
        guard let tokens = Pointer.tokens(fragment),
            var schema = value(at: SchemaPlace(document: resource.document, pointer: resource.pointer))
        else { return nil }
        var place = SchemaPlace(document: resource.document, pointer: resource.pointer)
        var home = start
        for token in tokens {
            guard let next = schema.member(token) else { return nil }
            schema = next
            place.pointer += "/" + Pointer.escaped(token)
            home = registry.resource(at: place, inside: home)
        }
        return Target(schema: schema, place: place, resource: home, anchor: nil)
    }
}
