import Testing

@testable import OAuth

@Suite struct DeviceTests {
    private func parse(_ text: String) -> DeviceAuthorization? { DeviceAuthorization.parse(Array(text.utf8)) }

    @Test func anAnswerIsRead() throws {
        let answer = try #require(
            parse(
                #"{"device_code":"d","user_code":"WDJB-MJHT","verification_uri":"https://a/d","expires_in":600,"interval":2}"#
            ))
        #expect(answer.deviceCode.reveal() == "d" && answer.userCode == "WDJB-MJHT" && answer.completeURL == nil)
        #expect(answer.lifetime == .seconds(600) && answer.interval == .seconds(2))
    }

    @Test(arguments: [
        "", "{}", "[]",
        #"{"device_code":"d","user_code":"W","verification_uri":"http://a/d","expires_in":600}"#,
        #"{"device_code":"d","user_code":"","verification_uri":"https://a/d","expires_in":600}"#,
        #"{"device_code":"d","user_code":"\u001b[2J","verification_uri":"https://a/d","expires_in":600}"#,
        #"{"device_code":"d","user_code":"W","verification_uri":"https://a/\u001b","expires_in":600}"#,
        #"{"device_code":"d","user_code":"W","verification_uri":"https://a/d","expires_in":-1}"#,
        #"{"device_code":"d","user_code":"W","verification_uri":"https://a","verification_uri_complete":"x","expires_in":1}"#,
    ])
    func nonsenseIsRefused(text: String) {
        #expect(parse(text) == nil)
    }

    @Test(arguments: [
        (400, #"{"error":"authorization_pending"}"#, "pending"), (400, #"{"error":"slow_down"}"#, "slowDown"),
        (400, #"{"error":"access_denied"}"#, "denied"), (400, #"{"error":"expired_token"}"#, "expired"),
        (503, "", "failed"), (200, "{}", "failed"), (400, #"{"error":"invalid_grant"}"#, "failed"),
        (200, #"{"access_token":"t","token_type":"Bearer"}"#, "granted"),
    ])
    func answersAreToldApart(status: Int, body: String, name: String) {
        #expect("\(DeviceAnswer.read(status: status, body: Array(body.utf8)))".hasPrefix(name))
    }
}
