/// The workspace's API for a caller it knows.
struct WorkspaceRoutes: Sendable {
    let state: SimulatorState
    let user: DemoUser

    func serve(_ exchange: Exchange) async throws {
        let path = exchange.path
        if path.hasPrefix("/api/2.0/fs/") { return try await FileRoutes(state: state).serve(exchange) }
        if path.hasPrefix("/api/2.0/sql/statements") {
            return try await StatementRoutes(state: state, user: user).serve(exchange)
        }
        if path.hasPrefix(TestRoutes.prefix) { return try await TestRoutes(user: user).serve(exchange) }
        let reply = exchange.method == "GET" || exchange.method == "HEAD" ? document(path, exchange.query) : nil
        try await exchange.send(reply ?? .notFound(path))
    }

    private func document(_ path: String, _ query: FormFields) -> Reply? {
        switch path {
        case "/api/2.0/preview/scim/v2/Me":
            .json(DemoObjects.me(user))
        case "/api/2.1/clusters/list", "/api/2.0/clusters/list":
            .json(["clusters": [DemoObjects.cluster(by: user)], "next_page_token": "", "prev_page_token": ""])
        case "/api/2.1/clusters/get", "/api/2.0/clusters/get":
            cluster(query["cluster_id"] ?? "")
        case "/api/2.0/sql/warehouses":
            .json(["warehouses": [DemoObjects.warehouse(host: state.host, port: state.port)]])
        case "/api/2.0/sql/warehouses/\(DemoObjects.warehouseID)":
            .json(DemoObjects.warehouse(host: state.host, port: state.port))
        default:
            nil
        }
    }

    private func cluster(_ id: String) -> Reply {
        guard id == DemoObjects.clusterID else {
            return .failure(400, "INVALID_PARAMETER_VALUE", "Cluster \(id) does not exist")
        }
        return .json(DemoObjects.cluster(by: user))
    }
}
