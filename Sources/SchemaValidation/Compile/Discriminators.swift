import JSON

extension SchemaCompiler {
    /// Looks for alternatives that all require one member with texts of their own: then a value's text says which of them
    /// are possible, and the others need not be tried.
    mutating func findDiscriminators() {
        for index in program.instructions.indices {
            switch program.instructions[index] {
            case .any(let list):
                if let rule = discriminator(list) { program.instructions[index] = .anyByMember(rule) }
            case .one(let list):
                if let rule = discriminator(list) { program.instructions[index] = .oneByMember(rule) }
            default: break
            }
        }
    }

    /// Fewer alternatives are tried quickly enough.
    private static let fewest = 2

    private mutating func discriminator(_ list: Stretch) -> Int32? {
        let alternatives = program.children[list.range].map { Int32($0) }
        guard alternatives.count >= Self.fewest, let first = alternatives.first else { return nil }
        for name in requiredNames(follow(first)) {
            var texts: [(text: String, alternative: Int32)] = []
            let isShared = alternatives.allSatisfy { alternative in
                guard let own = possibleTexts(follow(alternative), name) else { return false }
                texts += own.map { ($0, alternative) }
                return true
            }
            guard isShared else { continue }
            return add(name, texts, list)
        }
        return nil
    }

    private mutating func add(_ name: String, _ texts: [(text: String, alternative: Int32)], _ list: Stretch) -> Int32 {
        var table = KeyTableBuilder()
        for (text, _) in texts { table.declare(text, node: -1) }
        for entry in table.entries {
            let nodes = texts.filter { isSameText($0.text, entry.name) }.map(\.alternative)
            program.candidates.append(append(children: nodes))
            table.declare(entry.name, node: Int32(program.candidates.count - 1))
        }
        program.discriminators.append(
            Discriminator(property: KeyWords(name), name: name, table: table.build(into: &program), all: list)
        )
        return Int32(program.discriminators.count - 1)
    }

    /// The node behind references that stand alone.
    private func follow(_ node: Int32) -> Node {
        var node = program.nodes[Int(node)]
        for _ in 0..<8 {
            guard node.general.count == 1, node.members < 0, node.object.isEmpty, node.types.contains(.object),
                case .reference(let target) = program.instructions[Int(node.general.start)]
            else { return node }
            node = program.nodes[Int(target)]
        }
        return node
    }

    private func requiredNames(_ node: Node) -> ArraySlice<String> {
        guard node.types == .object, node.members >= 0 else { return [] }
        return program.requiredKeys[program.memberRules[Int(node.members)].required.range]
    }

    /// The texts that a node allows for a member that it requires; nil when others are possible too.
    private func possibleTexts(_ node: Node, _ name: String) -> [String]? {
        guard requiredNames(node).contains(where: { isSameText($0, name) }) else { return nil }
        let table = program.memberRules[Int(node.members)].table
        let slots = program.keySlots[Int(table.start)...Int(table.start + table.mask)]
        guard
            let slot = slots.first(where: {
                $0.key >= 0 && $0.isDeclared && isSameText(program.keys[Int($0.key)], name)
            })
        else { return nil }
        for instruction in program.instructions[program.nodes[Int(slot.node)].general.range] {
            switch instruction {
            case .text(let index): return [program.texts[Int(index)].text]
            case .enumeration(let index):
                let values = program.enumerations[Int(index)].values
                let texts = values.compactMap(\.stringValue)
                return texts.count == values.count ? texts : nil
            default: continue
            }
        }
        return nil
    }
}
