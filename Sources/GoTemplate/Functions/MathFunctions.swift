/// Integer arithmetic, which wraps, and floats.
enum MathFunctions {
    static let table: [Function] = [
        Function("add", rest: .any, "Sum as 64-bit integers.") { call throws(TemplateError) in
            .int64(call.arguments.reduce(0) { $0 &+ ConversionFunctions.integer($1) })
        },
        Function("add1", [.any], "One more.") { call throws(TemplateError) in .int64(integer(call, 0) &+ 1) },
        Function("sub", [.any, .any], "Difference.") { call throws(TemplateError) in
            .int64(integer(call, 0) &- integer(call, 1))
        },
        Function("mul", [.any], rest: .any, "Product.") { call throws(TemplateError) in
            .int64(call.arguments.reduce(1) { $0 &* ConversionFunctions.integer($1) })
        },
        Function("div", [.any, .any], "Integer quotient rounded towards zero.") { call throws(TemplateError) in
            .int64(integer(call, 0).dividedReportingOverflow(by: try divisor(call)).partialValue)
        },
        Function("mod", [.any, .any], "Remainder with the sign of the dividend.") { call throws(TemplateError) in
            let divisor = try divisor(call)
            return .int64(divisor == -1 ? 0 : integer(call, 0) % divisor)
        },
        maximum, maximum.renamed("biggest"),
        Function("min", [.any], rest: .any, "Smallest as integer.") { call throws(TemplateError) in
            .int64(call.arguments.dropFirst().reduce(integer(call, 0)) { min($0, ConversionFunctions.integer($1)) })
        },
        Function("maxf", [.any], rest: .any, "Largest as float.") { call throws(TemplateError) in
            .double(call.arguments.dropFirst().reduce(float(call, 0)) { larger($0, ConversionFunctions.float($1)) })
        },
        Function("minf", [.any], rest: .any, "Smallest as float.") { call throws(TemplateError) in
            .double(call.arguments.dropFirst().reduce(float(call, 0)) { -larger(-$0, -ConversionFunctions.float($1)) })
        },
        Function("floor", [.any], "Next integral float downwards.") { call throws(TemplateError) in
            .double(float(call, 0).rounded(.down))
        },
        Function("ceil", [.any], "Next integral float upwards.") { call throws(TemplateError) in
            .double(float(call, 0).rounded(.up))
        },
        Function("round", [.any, .integer], rest: .float, "Rounds to a number of decimal places.", round),
    ]

    /// The larger number; NaN when one of them is none.
    private static func larger(_ left: Double, _ right: Double) -> Double {
        if left.isNaN || right.isNaN { return .nan }
        if left == 0, right == 0 { return left.sign == .plus ? left : right }
        return left > right ? left : right
    }

    private static let maximum = Function("max", [.any], rest: .any, "Largest as integer.") {
        call throws(TemplateError) in
        .int64(call.arguments.dropFirst().reduce(integer(call, 0)) { max($0, ConversionFunctions.integer($1)) })
    }

    private static func integer(_ call: Call, _ index: Int) -> Int64 { ConversionFunctions.integer(call[index]) }
    private static func float(_ call: Call, _ index: Int) -> Double { ConversionFunctions.float(call[index]) }

    private static func divisor(_ call: Call) throws(TemplateError) -> Int64 {
        let divisor = integer(call, 1)
        guard divisor != 0 else { throw .function("\(call.name): integer divide by zero") }
        return divisor
    }

    /// Rounds up from the given fraction on (0.5 when none is given), always towards positive infinity.
    private static let round: Function.Body = { call throws(TemplateError) in
        var limit = 0.5
        if call.count > 2, case .double(let given) = call[2] { limit = given }
        let power = powerOfTen(max(-400, min(400, call.integer(1))))
        let scaled = power * float(call, 0)
        let fraction = scaled - scaled.rounded(.towardZero)
        let rounded = fraction >= limit ? scaled.rounded(.up) : scaled.rounded(.down)
        return .double(rounded / power)
    }

    /// 10^exponent with the last bit that Go's `math.Pow` gives, which squares significands again and again.
    private static func powerOfTen(_ exponent: Int) -> Double {
        var (result, resultExponent) = (1.0, 0)
        var (base, baseExponent) = (0.625, 4)
        var rest = abs(exponent)
        while rest != 0 {
            if rest & 1 == 1 {
                result *= base
                resultExponent += baseExponent
            }
            base *= base
            baseExponent <<= 1
            if base < 0.5 {
                base += base
                baseExponent -= 1
            }
            rest >>= 1
        }
        if exponent < 0 { (result, resultExponent) = (1 / result, -resultExponent) }
        return Double(sign: .plus, exponent: resultExponent, significand: result)
    }
}
