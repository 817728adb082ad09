import JSON
import TestSupport
import Testing

@Suite("JSON object")
struct JSONObjectTests {
    private static let composed = "caf\u{E9}"
    private static let decomposed = "cafe\u{301}"

    @Test func keysThatOnlyLookAlikeAreDifferentKeys() throws {
        let text = "{\"\(Self.composed)\":1,\"\(Self.decomposed)\":2}"
        let value = try JSONValue(parsing: text)
        #expect(value.objectValue?.count == 2)
        #expect(value[Self.composed] == 1)
        #expect(value[Self.decomposed] == 2)
        #expect(value.text().utf8.elementsEqual(text.utf8))
    }

    @Test func lookAlikesStayApartInLargeObjects() {
        var object = JSONObject()
        for number in 0..<100 { object["k\(number)"] = .integer(Int64(number)) }
        object[Self.composed] = "one"
        object[Self.decomposed] = "two"
        #expect(object.count == 102)
        #expect(object[Self.composed] == "one")
        #expect(object[Self.decomposed] == "two")
    }

    @Test func textsThatOnlyLookAlikeAreDifferentValues() {
        #expect(JSONValue.string(Self.composed) != .string(Self.decomposed))
        #expect(!JSONValue.string(Self.composed).isEquivalent(to: .string(Self.decomposed)))
        #expect(JSONObject([(Self.composed, .null)]) != JSONObject([(Self.decomposed, .null)]))
        #expect(Set([JSONValue.string(Self.composed), .string(Self.decomposed)]).count == 2)
    }

    @Test(arguments: 0..<100)
    func behavesLikeAListOfUniqueMembers(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var object = JSONObject()
        var model: [(key: String, value: JSONValue)] = []
        let range = [3, 20, 60][Int(seed % 3)]
        for step in 0..<200 {
            let key = "key\(Int.random(in: 0..<range, using: &random))"
            let position = model.firstIndex { $0.key == key }
            if Int.random(in: 0..<4, using: &random) == 0 {
                #expect(object.removeValue(forKey: key) == position.map { model[$0].value })
                if let position { model.remove(at: position) }
            } else {
                object[key] = .integer(Int64(step))
                if let position {
                    model[position].value = .integer(Int64(step))
                } else {
                    model.append((key, .integer(Int64(step))))
                }
            }
            #expect(object.firstIndex(of: key) == model.firstIndex { $0.key == key })
        }
        #expect(object.keys == model.map(\.key))
        #expect(object.values == model.map(\.value))
    }

    @Test func aCopyKeepsItsMembersWhenTheOtherChanges() {
        var object: JSONObject = ["a": 1]
        let copy = object
        object["a"] = 2
        object["b"] = 3
        #expect(copy == ["a": 1])
        #expect(object.update("a") { $0 = 5 } != nil)
        #expect(object == ["b": 3, "a": 5])
    }

    @Test func aValueIsThreeWordsAndAnObjectTwo() {
        #expect(MemoryLayout<JSONValue>.stride == 24)
        #expect(MemoryLayout<JSONObject>.stride == 16)
    }
}
