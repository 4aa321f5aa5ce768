extension Reply {
    /// An error as the workspace's API words it; `error_code` is a name.
    static func failure(_ status: Int, _ code: String, _ message: String) -> Reply {
        .json(["error_code": .string(code), "message": .string(message)], status: status)
    }

    /// A refused credential: here `error_code` is a number, which sets it apart from a denied permission.
    static func refused(_ refusal: BearerRefusal, requestID: String) -> Reply {
        switch refusal {
        case .missing:
            credentialRefused(401, "Credential was not sent or was of an unsupported type for this API.")
                .adding("www-authenticate", "Bearer realm=\"DatabricksRealm\"")
        case .invalid:
            credentialRefused(
                403, "Invalid access token. [ReqId: \(requestID)]", reason: "Invalid access token.")
        }
    }

    private static func credentialRefused(_ status: Int, _ message: String, reason: String? = nil) -> Reply {
        Reply.json(["error_code": .number(Int64(status)), "message": .string(message)], status: status)
            .adding("x-databricks-reason-phrase", reason ?? message)
    }

    static func notFound(_ path: String) -> Reply {
        .failure(404, "ENDPOINT_NOT_FOUND", "No API found for '\(path)'")
    }
}
