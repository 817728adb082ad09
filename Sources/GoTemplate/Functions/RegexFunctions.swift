/// To come.
enum RegexFunctions {
    static let table: [Function] = []
}
