import Testing
import Wire

private func judge(_ path: String) -> String {
    let bytes = Array(path.utf8)
    do throws(HeadError) {
        switch try TargetPath.judge(bytes.span.bytes, 0..<bytes.count) {
        case .workspace: return "workspace"
        case .lakegate: return "lakegate"
        }
    } catch {
        return error.rawValue
    }
}

@Suite struct TargetPaths {
    /// Paths that Databricks clients send; none may be refused.
    @Test(arguments: [
        "/", "/api/2.1/jobs/run-now", "/api/2.0/fs/files/Volumes/c/s/v/a%2Fb", "/api/2.0/fs/files//x",
        "/api/2.0/fs/files/a%20b/%E2%82%AC/..a/b../...", "/Volumes/a%5Cb", "/a;b=c/d", "/.well-known/databricks-config",
        "/files/.hidden", "/x/.lakegate/login", "/.lakegate2", "/.lakegatex/login", "/a%252e%252e/b", "/%25", "//",
    ])
    func belongToTheWorkspace(_ path: String) {
        #expect(judge(path) == "workspace")
    }

    @Test(arguments: ["/.lakegate", "/.lakegate/", "/.lakegate/login", "/.lakegate//x", "/.lakegate/a%2Fb"])
    func belongToLakegate(_ path: String) {
        #expect(judge(path) == "lakegate")
    }

    @Test(arguments: [
        "/%2elakegate/login", "/.%6Cakegate", "/.LAKEGATE/login", "/.Lakegate", "//.lakegate/login", "/%2f.lakegate/",
        "/.lakegate%2flogin", "/.lakegate%5clogin", "/.lakegate;x/login", "/.lakegate%3bx", "/;a/.lakegate/x",
        "/%5C.lakegate", "/.lakegat%45/x",
    ])
    func disguises(_ path: String) {
        #expect(judge(path) == "pathDisguised")
        #expect(fault("GET \(path)?a HTTP/1.1\nHost: a\n\n") == .pathDisguised)
    }

    @Test(arguments: [
        "/..", "/.", "/a/../b", "/a/./b", "/a/%2e/b", "/a/%2E%2e/b", "/a/.%2e", "/a%2f..%2fb", "/a%5c..%5cb",
        "/a/..;/b",
        "/a/..;x=y/b", "/a/%2e%2e%3b/b", "/.lakegate/../api", "/api/..%2f.lakegate",
    ])
    func dotSegments(_ path: String) {
        #expect(judge(path) == "pathDotSegment")
        #expect(fault("GET \(path) HTTP/1.1\nHost: a\n\n") == .pathDotSegment)
    }

    @Test(arguments: ["/%", "/%1", "/%zz", "/%-1", "/a%c0%ae%c0%ae/b", "/%C1%9C"])
    func encodings(_ path: String) {
        #expect(judge(path) == "pathEncodingInvalid")
    }

    @Test func encodedNUL() {
        #expect(judge("/a%00.html") == "pathEncodedNUL")
    }
}
