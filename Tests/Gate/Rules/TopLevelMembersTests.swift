import Testing

@testable import Gate

@Suite("Members of a JSON body that rules look at")
struct TopLevelMembersTests {
    private func find(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        switch TopLevelMembers.find([Array("job_id".utf8)], in: bytes.span.bytes)[0] {
        case .nothing: return nil
        case .unclear: return "unclear"
        case .inHead: return "head"
        case .inBody(let range): return String(decoding: bytes[range], as: UTF8.self)
        }
    }

    @Test(
        "found at the top, whatever stands around it",
        arguments: [
            #"{"job_id":7}"#, #"{"job_id":"7"}"#, " {\n\"job_id\" :\t7 , \"x\": [1, {\"job_id\": 9}, \"}\"]}\r\n",
            #"{"x":{"job_id":8,"y":"\"}"},"job_id":7}"#, #"{"x":"\\","job_id":7}"#,
            #"{"a":null,"b":-1.5e3,"job_id":7}"#,
            #"{"x":[],"y":{},"z":"","job_id":7}"#,
        ])
    func found(_ text: String) {
        #expect(find(text) == "7")
    }

    @Test(
        "nothing where nothing is",
        arguments: ["", "  ", "{}", #"{"x":{"job_id":8}}"#, #"{"jobs_id":1}"#, #"{"x":["job_id"]}"#])
    func nothing(_ text: String) {
        #expect(find(text) == nil)
    }

    @Test(
        "unclear where two servers could disagree, or where it is no JSON",
        arguments: [
            #"{"job_id":7,"job_id":8}"#, #"{"job\u005fid":8}"#, #"{"job_id":"\u0037"}"#, #"{"job_id":[7]}"#,
            #"{"job_id":{}}"#, #"{"job_id":true}"#, #"{"job_id":7.0}"#, #"{"job_id":-7}"#, #"{"job_id":7"#,
            #"{"job_id""#,
            "[1]", "7", #""job_id""#, #"{"a":1} {"job_id":7}"#, #"{"a":1,}"#, #"{a:1}"#, #"{"a" 1}"#, #"{"job_id":}"#,
            #"{"jobId":7}"#, #"{"JOB_ID":7}"#, #"{"job_id":7,"jobId":8}"#, #"{"jobid":8,"job_id":7}"#,
            #"{"a":1 "job_id":7}"#, "{\"a\":\"\\", #"{"job_id":null}"#,
        ])
    func unclear(_ text: String) {
        #expect(find(text) == "unclear")
    }

    @Test("any bytes are read without a trap")
    func anyBytes() {
        var state: UInt64 = 20261126
        for _ in 0..<20_000 {
            let alphabet = Array(#"{}[]",:\ job_id7"#.utf8)
            let bytes = (0..<24).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return alphabet[Int(state >> 33) % alphabet.count]
            }
            _ = TopLevelMembers.find([Array("job_id".utf8)], in: bytes.span.bytes)
        }
    }
}
