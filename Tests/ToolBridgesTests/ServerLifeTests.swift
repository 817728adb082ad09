import MCPTransports
import TestSupport
import Testing
import ToolBridges

@Suite("Life of a server")
struct ServerLifeTests {
    private let refused = ServerFailure(MCPClientError(.unreachable, "refused"))
    private let backoff = ServerBackoff(initial: .seconds(30), limit: .seconds(1800))

    private func generation(_ start: ServerLife.Start) -> Int {
        if case .begin(let number) = start { number } else { -1 }
    }

    @discardableResult
    private func fail(
        _ life: inout ServerLife,
        _ generation: Int,
        _ failure: ServerFailure,
        isRemote: Bool = true
    )
        -> Duration??
    {
        life.failed(generation, failure, isRemote: isRemote, backoff: backoff, chance: 0)
    }

    @Test("C-26 failures in a row are tried again after longer and longer waits, up to a limit, spread by chance")
    func backoffGrows() {
        var life = ServerLife()
        var delays: [Duration] = []
        for _ in 0..<8 {
            let number = generation(life.start())
            delays.append((fail(&life, number, refused) ?? nil) ?? .zero)
        }
        #expect(delays == [30, 60, 120, 240, 480, 960, 1800, 1800].map { Duration.seconds($0) })
        #expect(backoff.delay(afterFailures: 1, chance: 0.5) == .seconds(33))
        let number = generation(life.start())
        let seen1 = life.connected(number)
        #expect(seen1)
        #expect(life.consecutiveFailures == 0)
    }

    @Test func thirdFailureInARowMakesARemoteServerUnreachable() {
        for isRemote in [true, false] {
            var life = ServerLife()
            var states: [ServerLife.State] = []
            for _ in 0..<3 {
                fail(&life, generation(life.start()), refused, isRemote: isRemote)
                states.append(life.state)
            }
            #expect(states == [.failed, .failed, isRemote ? .unreachable : .failed])
        }
    }

    @Test func certificatesAreNotTriedAgainAndLoginsHaveAStateOfTheirOwn() {
        var life = ServerLife()
        let bad = ServerFailure(MCPClientError(.certificate, "self-signed"))
        let never = fail(&life, generation(life.start()), bad)
        #expect(never == .some(nil))
        #expect(bad.statusMessage == "Certificate error - verify TLS configuration")
        let locked = ServerFailure(MCPClientError(.authorizationRequired, "401"))
        fail(&life, generation(life.start()), locked)
        #expect(life.state == .authorizationRequired)
    }

    @Test func newsOfAnOlderLifeChangeNothing() {
        var life = ServerLife()
        let first = generation(life.start())
        let seen2 = life.start()
        #expect(seen2 == .busy)
        let seen3 = life.stop()
        #expect(seen3 == .alreadyStopped)
        let seen4 = life.connected(first)
        #expect(!seen4)
        let old = fail(&life, first, refused)
        #expect(old == .none)
        #expect(life.state == .stopped)
        let second = generation(life.start())
        let seen5 = life.connected(second)
        #expect(seen5)
        let seen6 = life.start()
        #expect(seen6 == .alreadyRunning)
        let seen7 = life.stop()
        #expect(seen7 == .close)
        let seen8 = life.stop()
        #expect(seen8 == .alreadyStopped)
        life.closed()
        #expect(life.state == .stopped)
        var idle = ServerLife()
        let seen9 = idle.stop()
        #expect(seen9 == .neverStarted)
    }

    @Test func missedPingsAreToldOnceAndGiveUpOnlyWhatIsIdle() {
        var life = ServerLife()
        let number = generation(life.start())
        _ = life.connected(number)
        var busy: [ServerLife.Checkup] = []
        for _ in 0..<5 { busy.append(life.pinged(number, isWell: false, isBusy: true)) }
        #expect(busy == [.nowUnhealthy, .nothing, .nothing, .nothing, .nothing])
        #expect(!life.isHealthy)
        let seen10 = life.pinged(number, isWell: true, isBusy: false)
        #expect(seen10 == .nowHealthy)
        var gone: [ServerLife.Checkup] = []
        for _ in 0..<3 { gone.append(life.pinged(number, isWell: false, isBusy: false)) }
        #expect(gone == [.nowUnhealthy, .nothing, .giveUp])
        let seen11 = life.pinged(number + 1, isWell: false, isBusy: false)
        #expect(seen11 == .nothing)
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func noOrderOfEventsRunsAServerTwiceOrForgetsIt(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var life = ServerLife()
        var known: [Int] = [0]
        for _ in 0..<200 {
            let number = known.randomElement(using: &random) ?? 0
            switch UInt64.random(in: 0..<6, using: &random) {
            case 0: if case .begin(let new) = life.start() { known.append(new) }
            case 1:
                let wasStarting = life.state == .starting
                let seen12 = life.connected(number)
                #expect(seen12 == (wasStarting && number == life.generation))
            case 2: fail(&life, number, refused)
            case 3: _ = life.stop()
            case 4: life.closed()
            default: _ = life.pinged(number, isWell: false, isBusy: false)
            }
            #expect(known.allSatisfy { $0 <= life.generation })
        }
        // Whatever happened, it can be stopped and started again.
        _ = life.stop()
        life.closed()
        if case .begin = life.start() {} else { Issue.record("cannot start from \(life.state)") }
    }

    @Test func breakerOpensAfterFailuresInARowAndLetsOneCallProbe() {
        var breaker = CircuitBreaker()
        for _ in 0..<4 { breaker.failed(at: .zero) }
        let seen13 = breaker.admit(at: .zero)
        #expect(seen13 == .go)
        breaker.answered()
        for second in 0..<5 { breaker.failed(at: .seconds(second)) }
        let seen14 = breaker.admit(at: .seconds(5))
        #expect(seen14 == .refuse(for: .seconds(9)))
        let seen15 = breaker.admit(at: .seconds(14))
        #expect(seen15 == .go)
        let seen16 = breaker.admit(at: .seconds(14))
        #expect(seen16 == .refuse(for: CircuitBreaker.pause))
        breaker.failed(at: .seconds(15))
        let seen17 = breaker.admit(at: .seconds(16))
        #expect(seen17 == .refuse(for: .seconds(9)))
        let seen18 = breaker.admit(at: .seconds(25))
        #expect(seen18 == .go)
        breaker.abandoned()
        let seen19 = breaker.admit(at: .seconds(26))
        #expect(seen19 == .go)
        breaker.answered()
        let seen20 = breaker.admit(at: .seconds(26))
        #expect(seen20 == .go)
    }
}
