import Foundation
import Gate
import OAuth

@testable import Authority

/// The backend of an IDE. It talks to another replica than the browsers do.
struct Backend {
    let site: Site
    var name = "ide-backend"
    var workspace = "prod"

    private var key: String {
        switch name {
        case "ide-backend": site.folder.ide
        case "notebooks": site.folder.notebooks
        default: site.folder.scheduler
        }
    }

    func send(_ method: String, _ target: String, _ body: String = "", type: String? = nil, bearer: String? = nil) async
        -> LocalResponse
    {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        return await site.replica.respond(
            to: LocalRequest(
                method: method, path: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : "",
                authority: "\(workspace).gate.example", workspace: workspace,
                fields: [(name: "authorization", value: "Bearer \(bearer ?? key)")]
                    + (type.map { [(name: "content-type", value: $0)] } ?? []),
                body: Array(body.utf8), requestID: "req-2"))
    }

    func ask(_ wish: [String: Any] = [:]) async throws -> Asked {
        let body = String(decoding: try JSONSerialization.data(withJSONObject: wish), as: UTF8.self)
        return Asked(await send("POST", "/.lakegate/handoffs", body, type: "application/json"))
    }

    func look(at asked: Asked, wait: Int? = nil) async -> [String: Any] {
        await send("GET", "/.lakegate/handoffs/\(asked.id)\(wait.map { "?wait=\($0)" } ?? "")").object
    }

    func state(of asked: Asked, wait: Int? = nil) async -> String {
        await look(at: asked, wait: wait)["state"] as? String ?? ""
    }
}

/// The answer to a question for a session.
struct Asked {
    let answer: LocalResponse
    let id: String
    let handle: String
    let code: String

    init(_ answer: LocalResponse) {
        self.answer = answer
        let object = answer.object
        id = object["id"] as? String ?? ""
        handle = object["handle"] as? String ?? ""
        code = object["code"] as? String ?? ""
    }

    var page: String { "/.lakegate/handoff?code=\(code)" }
}

extension LocalResponse {
    var object: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
    }
}

extension Browser {
    func answer(_ asked: Asked, _ answer: String) async -> LocalResponse {
        await post(
            "/.lakegate/handoff",
            [.init("form_token", await formToken), .init("code", asked.code), .init("answer", answer)])
    }
}
