import Foundation

/// The statement execution API.
struct StatementRoutes: Sendable {
    let state: SimulatorState
    let user: DemoUser

    private struct Order: Decodable {
        var statement: String
        var warehouseID: String
        var waitTimeout: String?
        var disposition: String?
        var format: String?

        enum CodingKeys: String, CodingKey {
            case statement, disposition, format
            case warehouseID = "warehouse_id"
            case waitTimeout = "wait_timeout"
        }
    }

    func serve(_ exchange: Exchange) async throws {
        let words = exchange.path.split(separator: "/").dropFirst(4).map(String.init)
        switch (exchange.method, words.count) {
        case ("POST", 0): try await exchange.send(execute(try await exchange.collect(upTo: 16 << 20)))
        case ("GET", 1): try await exchange.send(status(words[0]))
        case ("GET", 4): try await exchange.send(chunk(words[0], index: words[3]))
        case ("DELETE", 1): try await exchange.send(cancel(words[0]))
        case ("POST", 2) where words[1] == "cancel": try await exchange.send(cancel(words[0]))
        default: try await exchange.send(.notFound(exchange.path))
        }
    }

    private func execute(_ body: [UInt8]?) -> Reply {
        guard let body, let order = try? JSONDecoder().decode(Order.self, from: Data(body)) else {
            return .failure(400, "MALFORMED_REQUEST", "Could not parse request object")
        }
        guard order.warehouseID == DemoObjects.warehouseID else {
            return .failure(404, "RESOURCE_DOES_NOT_EXIST", "Warehouse \(order.warehouseID) does not exist")
        }
        guard order.disposition ?? "INLINE" == "INLINE", order.format ?? "JSON_ARRAY" == "JSON_ARRAY" else {
            return .failure(400, "INVALID_PARAMETER_VALUE", "Only INLINE with JSON_ARRAY is simulated")
        }
        return keep(SQLOutcome.run(order.statement, user: user), isAwaited: order.waitTimeout != "0s")
    }

    private func keep(_ outcome: SQLOutcome, isAwaited: Bool) -> Reply {
        let id = statementID()
        state.statements.withLock { $0.add(StatementBook.Entry(user: user, outcome: outcome), id: id) }
        guard isAwaited else { return .json(["statement_id": .string(id), "status": ["state": "PENDING"]]) }
        return .json(outcome.json(id: id, isCanceled: false))
    }

    private func statementID() -> String {
        let digits = Array(hexadecimal(state.random.bytes(16)))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    }

    private func status(_ id: String) -> Reply {
        guard let entry = state.statements.withLock({ $0.entry(id, of: user) }) else { return unknown(id) }
        return .json(entry.outcome.json(id: id, isCanceled: entry.isCanceled))
    }

    private func chunk(_ id: String, index: String) -> Reply {
        guard let entry = state.statements.withLock({ $0.entry(id, of: user) }) else { return unknown(id) }
        guard index == "0", case .rows(_, let rows) = entry.outcome else { return unknown(id) }
        return .json(SQLOutcome.result(rows))
    }

    private func cancel(_ id: String) -> Reply {
        state.statements.withLock { $0.cancel(id, by: user) } ? .json([:]) : unknown(id)
    }

    private func unknown(_ id: String) -> Reply {
        .failure(404, "NOT_FOUND", "Statement \(id) does not exist")
    }
}
