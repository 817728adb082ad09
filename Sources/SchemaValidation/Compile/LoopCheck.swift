extension SchemaCompiler {
    /// Refuses schemas that apply themselves to the same value: no value would ever be decided.
    ///
    /// References that go down into members or elements end with the value. Dynamic references are only known while
    /// validating, where the depth of evaluation is bounded.
    mutating func refuseEndlessReferences() throws(SchemaError) {
        var state = [UInt8](repeating: 0, count: program.nodes.count)
        for start in program.nodes.indices where state[start] == 0 {
            // Depth first with an own stack: (node, its successors, how many of them are done).
            var path: [(node: Int, next: [Int32], done: Int)] = [(start, successors(of: start), 0)]
            state[start] = 1
            while let top = path.last {
                guard top.done < top.next.count else {
                    state[top.node] = 2
                    path.removeLast()
                    continue
                }
                path[path.count - 1].done += 1
                let next = Int(top.next[top.done])
                switch state[next] {
                case 0:
                    state[next] = 1
                    path.append((next, successors(of: next), 0))
                case 1:
                    let info = program.infos[top.node]
                    throw SchemaError(
                        .endlessReference,
                        "the schema applies itself to the same value again, without end",
                        at: info.resourceURI + "#" + info.pointer
                    )
                default: break
                }
            }
        }
    }

    /// Nodes that are applied to the same value.
    private func successors(of index: Int) -> [Int32] {
        let node = program.nodes[index]
        var found: [Int32] = []
        for instruction in program.instructions[node.general.range] {
            switch instruction {
            case .reference(let target), .not(let target): found.append(target)
            case .all(let list), .any(let list), .one(let list): found += program.children[list.range]
            case .conditional(let rule):
                let rule = program.conditionals[Int(rule)]
                found += [rule.condition, rule.then, rule.otherwise].filter { $0 >= 0 }
            case .dynamicReference(let target):
                if !program.tracksScope { found.append(program.dynamicTargets[Int(target)].fallback) }
            default: break
            }
        }
        for case .dependentSchemas(let rule) in program.instructions[node.object.range] {
            found += program.dependentNodes[Int(rule)].entries.map(\.1)
        }
        return found
    }
}
