import JSON
import TestSupport
import Testing

@Suite("Order of keys")
struct KeyOrderTests {
    /// Short and long keys, with beginnings in common, zero bytes and letters outside ASCII.
    private static func key(_ random: inout SplitMix64) -> String {
        let parts = ["", "a", "b", "\0", "é", "namespace", "namespace-", "12345678", "日本"]
        return (0..<Int.random(in: 0...3, using: &random)).map { _ in
            parts[Int.random(in: 0..<parts.count, using: &random)]
        }.joined()
    }

    @Test(arguments: 0..<200)
    func positionsFollowTheBytesOfTheKeys(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var object = JSONObject()
        for number in 0..<Int.random(in: 0...30, using: &random) { object[Self.key(&random)] = .integer(Int64(number)) }
        let keys = object.keys
        let wanted = keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        #expect(
            (object.positionsByKey ?? Array(keys.indices)).map { keys[$0] }.map { Array($0.utf8) }
                == wanted.map { Array($0.utf8) }
        )
        #expect((object.positionsByKey == nil) == (keys.elementsEqual(wanted) { $0.utf8.elementsEqual($1.utf8) }))
    }

    @Test(arguments: 0..<100)
    func membersAreFoundWhereverTheirKeyComesFrom(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var object = JSONObject()
        for number in 0..<Int.random(in: 0...30, using: &random) { object[Self.key(&random)] = .integer(Int64(number)) }
        for (key, value) in object {
            // The same bytes in other memory.
            let copy = String(decoding: Array(key.utf8), as: UTF8.self)
            #expect(object[copy] == value)
            #expect(object[copy + "?"] == nil)
        }
    }
}
