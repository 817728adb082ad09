package import WorkflowModel

/// Where time, ids and chance come from.
package struct EngineClock: Sendable {
    package var now: @Sendable () -> Timestamp
    package var entropy: @Sendable () -> UInt64
    package var makeExecutionID: @Sendable () -> ExecutionID

    package init(
        now: @escaping @Sendable () -> Timestamp,
        entropy: @escaping @Sendable () -> UInt64,
        makeExecutionID: @escaping @Sendable () -> ExecutionID
    ) {
        self.now = now
        self.entropy = entropy
        self.makeExecutionID = makeExecutionID
    }
}
