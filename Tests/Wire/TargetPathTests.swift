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
        "/api/2.0/fs/files/a%20b/%E2%82%AC/..a/b../...", "/Volumes/a%5Cb", "/a;b=c/d",
        "/files/.hidden", "/x/.lakegate/login", "/.lakegate2", "/.lakegatex/login", "/a%252e%252e/b", "/%25", "//",
        "/oidcx", "/oidc2/v1/token", "/oid", "/o", "/o/idc", "/x/oidc", "/api/2.0/oidc", "/oidc-x/y", "/.well-known",
        "/.well-known/", "/.well-known/openid-configuration", "/.well-known/databricks-config2",
        "/.well-known/databricks-confi", "/.well-known/x/databricks-config", "/x/.well-known/databricks-config",
        "/.well-knownx/databricks-config", "/.well-known.databricks-config", "/%6F", "/%6Fidcs", "/;oidc", "/%3Boidc",
    ])
    func belongToTheWorkspace(_ path: String) {
        #expect(judge(path) == "workspace")
    }

    @Test(arguments: [
        "/.lakegate", "/.lakegate/", "/.lakegate/login", "/.lakegate//x", "/.lakegate/a%2Fb",
        "/oidc", "/oidc/", "/oidc/v1/token", "/oidc/x%2Fy", "/oidc/;x", "/.well-known/databricks-config",
        "/.well-known/oauth-authorization-server", "/.well-known/oauth-authorization-server/oidc",
    ])
    func belongToLakegate(_ path: String) {
        #expect(judge(path) == "lakegate")
        #expect(fault("GET \(path)?a HTTP/1.1\nHost: a\n\n") == nil)
        #expect(parse(octets("GET \(path)?a HTTP/1.1\nHost: a\n\n")).1.isLakegates)
        #expect(parse(octets("GET https://b\(path) HTTP/1.1\nHost: a\n\n")).1.isLakegates)
    }

    @Test(arguments: [
        "/%2elakegate/login", "/.%6Cakegate", "/.LAKEGATE/login", "/.Lakegate", "//.lakegate/login", "/%2f.lakegate/",
        "/.lakegate%2flogin", "/.lakegate%5clogin", "/.lakegate;x/login", "/.lakegate%3bx", "/;a/.lakegate/x",
        "/%5C.lakegate", "/.lakegat%45/x",
        "/OIDC", "/Oidc/v1/token", "/oiDc/", "/%6fidc/v1/token", "/%4Fidc", "/oid%63/x", "//oidc/v1/token", "/;/oidc",
        "/;a=b/oidc/v1/token", "/oidc;x/v1/token", "/oidc;", "/oidc%2Fv1/token", "/oidc%5Cv1", "/%2Foidc", "/%5coidc",
        "/.WELL-KNOWN/databricks-config", "/.well-known//databricks-config", "/.well-known/databricks-config;v=1",
        "/.well-known/databricks%2Dconfig", "/.well-known%2Fdatabricks-config", "//.well-known/databricks-config",
        "/.well-known;a/databricks-config", "/.well-known/;/databricks-config", "/%2ewell-known/databricks-config",
        "/.well-known/Databricks-Config", "/.well-known/oauth-authorization-serve%72",
        "/.well-known%5coauth-authorization-server", "/.well-known/OAuth-authorization-server/oidc",
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
