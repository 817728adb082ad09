import Synchronization

/// Compiled patterns by their text, for callers that get the same patterns again and again. Safe to use by many threads.
///
/// Holds at most `capacity` patterns. What was not asked for among the last half of them is forgotten.
public final class RegularExpressionCache: Sendable {
    private typealias Outcome = Result<RegularExpression, RegularExpressionError>

    /// Patterns asked for since `older` was made, and those before.
    private struct Generations {
        var newer: [String: Outcome] = [:]
        var older: [String: Outcome] = [:]
    }

    public let dialect: RegularExpression.Dialect
    public let limits: RegularExpressionLimits
    private let halfCapacity: Int
    private let generations = Mutex(Generations())

    public init(
        dialect: RegularExpression.Dialect = .re2,
        limits: RegularExpressionLimits = RegularExpressionLimits(),
        capacity: Int = 256
    ) {
        self.dialect = dialect
        self.limits = limits
        halfCapacity = max(1, capacity / 2)
    }

    /// The compiled pattern, made if it is not known.
    ///
    /// - Throws: why the pattern is none; that is remembered too.
    public func expression(_ pattern: String) throws(RegularExpressionError) -> RegularExpression {
        if let known = known(pattern) { return try known.get() }
        // Compiled outside the lock: two threads may do it twice, none waits.
        let outcome: Outcome
        do throws(RegularExpressionError) {
            outcome = .success(try RegularExpression(pattern, dialect: dialect, limits: limits))
        } catch { outcome = .failure(error) }
        keep(outcome, for: pattern)
        return try outcome.get()
    }

    private func known(_ pattern: String) -> Outcome? {
        generations.withLock { generations in
            if let outcome = generations.newer[pattern] { return outcome }
            guard let outcome = generations.older[pattern] else { return nil }
            keep(outcome, for: pattern, in: &generations)
            return outcome
        }
    }

    private func keep(_ outcome: Outcome, for pattern: String) {
        generations.withLock { keep(outcome, for: pattern, in: &$0) }
    }

    private func keep(_ outcome: Outcome, for pattern: String, in generations: inout Generations) {
        if generations.newer.count >= halfCapacity {
            generations.older = generations.newer
            generations.newer = [:]
        }
        generations.newer[pattern] = outcome
    }

    /// How many patterns it holds.
    public var count: Int { generations.withLock { $0.newer.count + $0.older.count } }
}
