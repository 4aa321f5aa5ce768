import Basics
import OAuth
import Testing

@Suite struct WorkspaceAnswerTests {
    @Test(arguments: [
        (401, nil, "", TokenRejection.rejected), (403, "Invalid access token.", "", .rejected),
        (403, nil, #"{"error_code":403,"message":"Invalid access token. [ReqId: 1]"}"#, .rejected),
        (403, nil, #"{ "message" : "x", "details":[{"a":"]"},2], "error_code" : 403 , "#, .rejected),
        (403, nil, #"{"error_code":"403","message":"Invalid access token."}"#, .rejected),
        (403, nil, #"{"error_code":"X","message":"Token is expired"}"#, .rejected),
        (403, nil, "Invalid Token", .rejected),
        (403, nil, #"{"message":"Token is expiring within 30 seconds"}"#, .rejected),
        (400, nil, #"{"message":"io.jsonwebtoken.ExpiredJwtException: JWT expired"}"#, .rejected),
        (400, "ExpiredJwtException", "", .rejected),
        (403, nil, #"{"error_code":"PERMISSION_DENIED","message":"User has no CAN_USE on Invalid Token"}"#, .other),
        (403, nil, #"{"error_code":"PERMISSION_DENIED","message":"Invalid access token."}"#, .other),
        (403, nil, #"{"error_code":"X","message":"no such table: Invalid Token"}"#, .other),
        (403, nil, #"{"details":{"error_code":403},"error_code":"PERMISSION_DENIED"}"#, .other),
        (403, nil, #"{"message":"\"error_code\":403","error_code":"PERMISSION_DENIED"}"#, .other),
        (403, nil, "", .other), (403, nil, "<html>Invalid Token</html>", .other),
        (403, nil, #"{"error_code":"#, .other),
        (403, nil, #"{"a":"\"#, .other), (403, nil, #"{"a":[{"b":"c"#, .other),
        (400, nil, #"{"error_code":"INVALID_PARAMETER_VALUE"}"#, .other), (404, "Invalid access token.", "", .other),
        (200, nil, "Invalid Token", .other), (500, nil, #"{"error_code":500}"#, .other),
    ])
    func rejectedTokensAreToldFromTheRest(status: Int, phrase: String?, body: String, verdict: TokenRejection) {
        let answer = RejectedTokenClassifier.classify(
            status: status, reasonPhrase: phrase, bodyPrefix: Array(body.utf8))
        #expect(answer == verdict)
        #expect(verdict == .other || RejectedTokenClassifier.couldBeRejection(status: status))
    }

    @Test(arguments: [200, 302, 404, 429, 500, 503])
    func mostAnswersNeedNoLook(status: Int) {
        #expect(!RejectedTokenClassifier.couldBeRejection(status: status))
    }

    @Test func whoAmI() {
        let me = ScimMe.parse(
            Array(#"{"id":"7","userName":"a@b.c","displayName":"Ann","active":true,"groups":[]}"#.utf8))
        #expect(me?.id == "7" && me?.userName == "a@b.c" && me?.displayName == "Ann" && me?.isActive == true)
        let bare = ScimMe.parse(Array(#"{"id":"7","userName":"a@b.c","active":false}"#.utf8))
        #expect(bare?.displayName == "a@b.c" && bare?.isActive == false)
    }

    @Test(arguments: [
        (#"[]"#, []),
        (#"[{"display":"users","type":"direct","value":"1"},{"display":"Data Admins"}]"#, ["users", "Data Admins"]),
        ("null", nil), ("7", nil), (#""users""#, nil), (#"[{"value":"1"}]"#, nil), (#"[{"display":"users"},{}]"#, nil),
        (#"[{"display":"users"},{"display":""}]"#, nil), (#"[{"display":"users"},{"display":7}]"#, nil),
        (#"{"display":"users"}"#, nil), (#"[{"display":"a\nb"}]"#, nil),
    ])
    func groups(json: String, names: [String]?) {
        let me = ScimMe.parse(Array(#"{"id":"7","userName":"a@b.c","groups":\#(json)}"#.utf8))
        #expect(me?.userName == "a@b.c" && me?.groups.names == names)
        #expect(ScimMe.parse(Array(#"{"id":"7","userName":"a@b.c"}"#.utf8))?.groups == .unknown)
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"id":"7"}"#, #"{"userName":"a"}"#, #"{"id":"","userName":"a"}"#,
        #"{"id":"7","userName":"a\nb"}"#, #"{"id":7,"userName":"a"}"#,
    ])
    func nobodyInParticular(body: String) {
        #expect(ScimMe.parse(Array(body.utf8)) == nil)
    }
}
