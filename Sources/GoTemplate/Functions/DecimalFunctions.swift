/// Arithmetic on floats as the decimal numbers that they are written as: 0.1 + 0.2 is 0.3.
enum DecimalFunctions {
    static let table: [Function] = [
        Function("addf", rest: .any, "Sum, decimal arithmetic.") { call throws(TemplateError) in
            try fold(call, from: Decimal(0)) { left, right throws(TemplateError) in left.adding(right) }
        },
        Function("add1f", [.any], "One more, decimal arithmetic.") { call throws(TemplateError) in
            .double(try decimal(call[0], call).adding(Decimal(1)).double)
        },
        Function("subf", [.any], rest: .any, "Difference, decimal arithmetic.") { call throws(TemplateError) in
            try fold(call, from: nil) { left, right throws(TemplateError) in left.adding(right.negated) }
        },
        Function("mulf", [.any], rest: .any, "Product, decimal arithmetic.") { call throws(TemplateError) in
            try fold(call, from: nil) { left, right throws(TemplateError) in left.multiplied(by: right) }
        },
        Function("divf", [.any], rest: .any, "Quotient, decimal arithmetic with 16 places.") {
            call throws(TemplateError) in
            try fold(call, from: nil) { left, right throws(TemplateError) in
                guard let quotient = left.divided(by: right, places: 16) else {
                    throw .function("divf: decimal division by 0")
                }
                return quotient
            }
        },
    ]

    private static func decimal(_ value: Value, _ call: Call) throws(TemplateError) -> Decimal {
        let number = ConversionFunctions.float(value)
        guard number.isFinite else { throw .function("\(call.name): \(number) is no decimal number") }
        return Decimal(number)
    }

    private static func fold(
        _ call: Call,
        from start: Decimal?,
        _ combine: (Decimal, Decimal) throws(TemplateError) -> Decimal
    ) throws(TemplateError) -> Value {
        // A product grows by hundreds of digits with each argument.
        try call.evaluator.charge(call.count * 100)
        var result: Decimal
        if let start { result = start } else { result = try decimal(call[0], call) }
        for value in call.arguments.dropFirst(start == nil ? 1 : 0) {
            result = try combine(result, try decimal(value, call))
        }
        return .double(result.double)
    }
}
