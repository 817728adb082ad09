/// To come.
enum DecimalFunctions {
    static let table: [Function] = []
}
