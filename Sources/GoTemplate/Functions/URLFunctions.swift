/// To come.
enum URLFunctions {
    static let table: [Function] = []
}
