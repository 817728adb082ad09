/// To come.
enum HashFunctions {
    static let table: [Function] = []
}
