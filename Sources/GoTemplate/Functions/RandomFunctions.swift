import Checksums

/// Random texts and numbers, from the context's source.
enum RandomFunctions {
    static let table: [Function] = [
        random("randAlpha", "Random letters.", letters),
        random("randAlphaNum", "Random letters and digits.", letters + digits),
        random("randNumeric", "Random digits.", digits),
        random("randAscii", "Random printable ASCII.", Array(32...126)),
        Function("randBytes", [.integer], "Random bytes in base64.") { call throws(TemplateError) in
            let count = try length(call)
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: call.evaluator.context.random()) }
            return .string(EncodingFunctions.base64(bytes))
        },
        Function("randInt", [.integer, .integer], "Random integer from min up to max-1.") {
            call throws(TemplateError) in
            let (low, high) = (call.integer(0), call.integer(1))
            guard low < high else { throw .function("randInt: max must be greater than min") }
            let span = UInt64(bitPattern: Int64(high &- low))
            return .int(low &+ Int(truncatingIfNeeded: call.evaluator.context.random() % span))
        },
        Function("shuffle", [.text], "Characters of the string in random order.") { call throws(TemplateError) in
            var scalars = Array(call.text(0).unicodeScalars)
            for index in scalars.indices.dropFirst().reversed() {
                scalars.swapAt(index, Int(call.evaluator.context.random() % UInt64(index + 1)))
            }
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars)
            return .string(String(view))
        },
        Function("uuidv4", [], "Random UUID.") { call throws(TemplateError) in
            var bytes: [UInt8] = []
            for _ in 0..<2 {
                let word = call.evaluator.context.random()
                for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift * 8))) }
            }
            bytes[6] = bytes[6] & 0x0F | 0x40
            bytes[8] = bytes[8] & 0x3F | 0x80
            let groups = [bytes[0..<4], bytes[4..<6], bytes[6..<8], bytes[8..<10], bytes[10..<16]]
            return .string(groups.map { Hexadecimal.text(Array($0)) }.joined(separator: "-"))
        },
    ]

    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    private static let digits = Array("0123456789".utf8)

    private static func length(_ call: Call) throws(TemplateError) -> Int {
        let count = call.integer(0)
        guard count >= 0 else { throw .function("\(call.name): the length is negative") }
        try call.evaluator.checkText(bytes: count)
        try call.evaluator.charge(count * FunctionWork.part)
        return count
    }

    private static func random(_ name: String, _ summary: String, _ alphabet: [UInt8]) -> Function {
        Function(name, [.integer], summary) { call throws(TemplateError) in
            let bytes = (0..<(try length(call))).map { _ in
                alphabet[Int(call.evaluator.context.random() % UInt64(alphabet.count))]
            }
            return .string(String(decoding: bytes, as: UTF8.self))
        }
    }
}
