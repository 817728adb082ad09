import JSON
import SchemaValidation
import TestSupport
import Testing

@Suite("The relation of schemas, at random")
struct RelationPropertyTests {
    /// Whether some value that was made along the first schema satisfies it and not the second.
    private func counterexample(_ one: Schema, _ other: Schema, _ make: inout RandomSchemas) -> JSONValue? {
        for attempt in 0..<60 {
            let value = make.value(for: attempt % 3 == 0 ? other.json : one.json)
            if one.isValid(value), !other.isValid(value) { return value }
        }
        return nil
    }

    @Test(arguments: 0..<400 as Range<UInt64>)
    func yesIsNeverContradictedAndNoIsConfirmed(seed: UInt64) throws {
        var make = RandomSchemas(seed: seed)
        for _ in 0..<5 {
            let json = make.schema()
            let one = try Schema(json)
            let other = try Schema(make.chance(40) ? make.schema() : make.narrowed(json))
            for (left, right) in [(one, other), (other, one)] {
                switch left.relation(to: right) {
                case .yes:
                    let found = counterexample(left, right, &make)
                    #expect(found == nil, "\(left.json.text()) \(right.json.text()) \(found?.text() ?? "")")
                case .no(let example):
                    #expect(left.isValid(example.value) && !right.isValid(example.value))
                case .unknown: break
                }
            }
        }
    }

    @Test(arguments: 0..<400 as Range<UInt64>)
    func aSchemaIsRelatedToItself(seed: UInt64) throws {
        var make = RandomSchemas(seed: seed)
        let json = make.schema()
        #expect(try Schema(json).relation(to: Schema(json)).isYes, "\(json.text())")
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func moreConstraintsKeepTheRelation(seed: UInt64) throws {
        var make = RandomSchemas(seed: seed)
        let json = make.schema()
        let one = try Schema(make.narrowed(json))
        let other = try Schema(json)
        if case .no(let example) = one.relation(to: other) {
            Issue.record("\(one.json.text()) \(example.value.text())")
        }
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func theRelationIsTransitive(seed: UInt64) throws {
        var make = RandomSchemas(seed: seed)
        let wide = make.schema()
        let middle = make.narrowed(wide)
        let narrow = make.narrowed(middle)
        let schemas = try [narrow, middle, wide].map { try Schema($0) }
        guard schemas[0].relation(to: schemas[1]).isYes, schemas[1].relation(to: schemas[2]).isYes else { return }
        if case .no(let example) = schemas[0].relation(to: schemas[2]) { Issue.record("\(example.value.text())") }
    }

    /// How often nothing could be said; a bound, so that the relation does not lose its strength unnoticed.
    @Test func mostPairsAreDecided() throws {
        var make = RandomSchemas(seed: 7)
        var counts = (yes: 0, no: 0, unknown: 0)
        for _ in 0..<600 {
            let json = make.schema()
            let one = try Schema(json)
            let other = try Schema(make.chance(50) ? make.schema() : make.narrowed(json))
            for (left, right) in [(one, other), (other, one)] {
                switch left.relation(to: right) {
                case .yes: counts.yes += 1
                case .no: counts.no += 1
                case .unknown: counts.unknown += 1
                }
            }
        }
        print("relation: \(counts.yes) yes, \(counts.no) no, \(counts.unknown) unknown")
        #expect(counts.unknown * 5 < counts.yes + counts.no + counts.unknown)
    }
}
