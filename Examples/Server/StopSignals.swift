import Dispatch
import Glibc

/// SIGTERM and SIGINT as a call, so that a stopped server still cleans up.
struct StopSignals {
    private let sources: [any DispatchSourceSignal]

    init(_ stop: @escaping @Sendable () -> Void) {
        sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler(handler: DispatchWorkItem { stop() })
            source.resume()
            return source
        }
    }

    /// Ends the watching; the signals stay ignored, as the process is about to end.
    func ignoreFurther() {
        for source in sources { source.cancel() }
    }
}
