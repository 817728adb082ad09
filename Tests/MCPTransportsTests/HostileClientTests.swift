import Foundation
import JSON
import MCPProtocol
import MCPTransports
import TestSupport
import Testing
import WireChecks

/// Clients that mean harm or know no better. After each the server still answers, and nothing of them is left.
@Suite("Hostile clients", .wireChecked(.server), .timeLimit(.minutes(4)))
struct HostileClientTests {
    private func expectHealthy(_ bench: HTTPBench) async throws {
        #expect(try await bench.exchange("GET /health").hasPrefix("HTTP/1.1 200"))
        let answer = await (try await bench.modern("t", headers: ["Connection: close"])).text(until: nil)
        #expect(answer.hasPrefix("HTTP/1.1 200"))
    }

    @Test("S-41 garbage in place of HTTP ends the connection", arguments: 0..<20 as Range<UInt64>)
    func garbage(seed: UInt64) async throws {
        try await HTTPBench.with { bench in
            var generator = SplitMix64(seed: seed)
            let bytes = (0..<2000).map { _ in UInt8.random(in: 0x20...0x7E, using: &generator) }
            let connection = try await RawConnection(port: bench.server.port)
            // The server may have closed before all was sent.
            try? await connection.send(String(decoding: bytes, as: UTF8.self) + "\r\n\r\n")
            _ = await connection.text(until: nil)
            await connection.close()
            try await expectHealthy(bench)
        }
    }

    @Test("S-41 endless headers end in a refusal or a closed connection")
    func endlessHeaders() async throws {
        try await HTTPBench.with { bench in
            let connection = try await RawConnection(port: bench.server.port)
            try await connection.send("GET /mcp HTTP/1.1\r\n")
            let line = "X-Header: \(String(repeating: "x", count: 8000))\r\n"
            for _ in 0..<100 {
                // As above.
                if (try? await connection.send(line)) == nil { break }
            }
            try? await connection.send("\r\n")
            let answer = await connection.text(until: nil)
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"))
            await connection.close()
            try await expectHealthy(bench)
        }
    }

    @Test(
        "S-41 deep and broken JSON are parse errors",
        arguments: [
            String(repeating: "[", count: 100_000), String(repeating: #"{"a":"#, count: 50_000), "\u{0}", "{}}", "nul",
            #"{"jsonrpc":"2.0","id":1,"method":"ping""#,
        ]
    )
    func brokenJSON(text: String) async throws {
        try await HTTPBench.with { bench in
            let answer = try await bench.exchange("POST /mcp", body: text)
            #expect(answer.hasPrefix("HTTP/1.1 400"))
            #expect(answer.contains("-32700"))
            try await expectHealthy(bench)
        }
    }

    @Test("S-41 bodies of all clients together are bounded, and their room comes back")
    func manyBodies() async throws {
        try await HTTPBench.with {
            $0.totalBodyLimit = 10_000
        } _: { bench in
            let body = String(repeating: " ", count: 20_000)
            #expect(try await bench.exchange("POST /mcp", body: body).hasPrefix("HTTP/1.1 503"))
            #expect(try await bench.exchange("POST /mcp", body: " ").hasPrefix("HTTP/1.1 400"))
            try await expectHealthy(bench)
        }
    }

    @Test(
        "S-41 a request that does not arrive whole is given up",
        arguments: [
            "", "POST /mcp HT", "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{",
        ]
    )
    func slowRequests(start: String) async throws {
        try await HTTPBench.with {
            // Long enough for the good requests on a busy machine.
            $0.requestTimeout = .seconds(5)
        } _: { bench in
            let connection = try await RawConnection(port: bench.server.port)
            if !start.isEmpty { try await connection.send(start) }
            _ = await connection.text(until: nil)
            await connection.close()
            try await expectHealthy(bench)
        }
    }

    @Test("S-41 connections that ask for nothing more are closed")
    func idleConnections() async throws {
        try await HTTPBench.with {
            // As above.
            $0.requestTimeout = .seconds(5)
            $0.idleTimeout = .seconds(5)
        } _: { bench in
            let connection = try await bench.open("GET /health")
            #expect(await connection.text(until: nil).hasSuffix(#"{"status":"ok"}"#))
            await connection.close()
        }
    }

    @Test("S-41 streams without sessions are bounded")
    func manyStreams() async throws {
        try await HTTPBench.with {
            $0.maximumListeners = 3
        } _: { bench in
            var streams: [RawConnection] = []
            for _ in 0..<3 {
                let stream = try await bench.open("GET /mcp")
                #expect(await stream.text(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
                streams.append(stream)
            }
            #expect(try await bench.exchange("GET /mcp").hasPrefix("HTTP/1.1 503"))
            for stream in streams { await stream.close() }
            try await expectHealthy(bench)
        }
    }

    @Test("S-85 a flood of sessions pushes out those that are not used, and no others")
    func manySessions() async throws {
        try await HTTPBench.with {
            $0.maximumSessions = 5
        } _: { bench in
            let used = try await bench.session()
            let stream = try await bench.open("GET /mcp", [used])
            _ = await stream.text(until: "id: ")
            for _ in 0..<50 { _ = try await bench.session() }
            #expect(bench.server.sessionCount == 5)
            let ping = #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#
            #expect(try await bench.exchange("POST /mcp", [used], body: ping).hasPrefix("HTTP/1.1 200"))
            await stream.close()
        }
    }

    @Test("S-02 S-03 answers to nothing, wrong ids and unknown methods do no harm")
    func nonsense() async throws {
        try await HTTPBench.with { bench in
            let id = try await bench.session()
            let texts = [
                #"{"jsonrpc":"2.0","id":99,"result":{}}"#, #"{"jsonrpc":"2.0","id":"server-1","error":{}}"#,
                #"{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"m"}}"#,
                #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{}}}"#,
                #"{"jsonrpc":"2.0","method":"nobody/knows"}"#,
            ]
            for text in texts {
                #expect(try await bench.exchange("POST /mcp", [id], body: text).hasPrefix("HTTP/1.1 202"), "\(text)")
            }
            let unknown = #"{"jsonrpc":"2.0","id":1,"method":"nobody/knows"}"#
            #expect(try await bench.exchange("POST /mcp", [id], body: unknown).contains("-32601"))
            try await expectHealthy(bench)
        }
    }
}
