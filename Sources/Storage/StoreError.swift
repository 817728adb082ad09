/// Why the store could not do what it was asked.
package struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: Sendable {
        /// The database cannot be opened, read or written now: missing rights, full disk, locked.
        case unavailable
        /// The database or an entry in it cannot be understood.
        case damaged
        /// Two writers for one execution, or an idempotency key that is taken.
        case conflict
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
