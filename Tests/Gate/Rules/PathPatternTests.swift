import Testing

@testable import Gate

@Suite("Paths in rules")
struct PathPatternTests {
    private func matches(_ pattern: String, _ path: String) -> Bool {
        let bytes = Array("GET \(path) HTTP".utf8)
        return PathPattern(pattern).matches(bytes.span.bytes, 4..<4 + path.utf8.count)
    }

    @Test(
        "a path is matched as the most lenient server reads it",
        arguments: [
            "/api/2.1/jobs/run-now", "/api/2.1/jobs/run-now/", "/api/2.1//jobs/run-now", "/api/2.1/jobs/run%2Dnow",
            "/api/2.1/jobs%2Frun-now", "/api/2.1/jobs%5crun-now", "/api;v=1/2.1/jobs/run-now;x=y",
            "//api/2.1/jobs/run-now//",
            "/api/2.1\\jobs/run-now", "/api/2.1/jobs/run-now;a/", "/%61pi/2.1/jobs/run-now",
        ])
    func lenient(_ path: String) {
        #expect(matches("/api/2.1/jobs/run-now", path))
        #expect(matches("/api/2.1/jobs/*", path))
    }

    @Test(
        "another path is another path",
        arguments: [
            "/api/2.1/jobs/run-now2", "/api/2.1/jobs/run", "/api/2.1/Jobs/run-now", "/x/api/2.1/jobs/run-now", "/", "",
            "/api/2.1/jobs/run-now/x", "/api/2.1/jobs/run%252Dnow", "/api/2.1/jobs/run%2", "/api/2.1/jobsrun-now",
        ])
    func other(_ path: String) {
        #expect(!matches("/api/2.1/jobs/run-now", path))
    }

    @Test("a star stands for anything below, and only there")
    func prefixes() {
        #expect(matches("/api/2.1/jobs/*", "/api/2.1/jobs/get"))
        #expect(!matches("/api/2.1/jobs/*", "/api/2.1/jobs"))
        #expect(matches("/api/2.1/jobs*", "/api/2.1/jobs-x"))
        #expect(matches("/*", "/") && matches("*", "/x"))
        #expect(matches("/", "/") && matches("/a/", "/a"))
    }
}
