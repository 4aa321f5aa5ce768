import Testing

@testable import Wire

@Suite("Hosts in what a workspace says of its warehouses")
struct WarehouseHostsTests {
    private func replace(_ text: String, port: Int = 8443) -> String {
        let old = NamedHost(host: Array("dbc-1.cloud.databricks.com".utf8), port: 443)
        let new = NamedHost(host: Array("prod.lakegate.example".utf8), port: port)
        return String(decoding: WarehouseHosts.replace(old, by: new, in: Array(text.utf8)), as: UTF8.self)
    }

    @Test("hostname, its port and the JDBC URL are replaced, every other byte stays")
    func warehouse() {
        let before = """
            {"warehouses": [ {"id":"w1", "port":443, "odbc_params":{"hostname":"dbc-1.cloud.databricks.com","path":"/sql/1.0/warehouses/w1",
            "protocol":"https", "port" : 443}, "jdbc_url":"jdbc:spark://dbc-1.cloud.databricks.com:443/default;transportMode=http"} ],
             "ui":"https://dbc-1.cloud.databricks.com/sql"}
            """
        let after = """
            {"warehouses": [ {"id":"w1", "port":443, "odbc_params":{"hostname":"prod.lakegate.example","path":"/sql/1.0/warehouses/w1",
            "protocol":"https", "port" : 8443}, "jdbc_url":"jdbc:spark://prod.lakegate.example:8443/default;transportMode=http"} ],
             "ui":"https://dbc-1.cloud.databricks.com/sql"}
            """
        #expect(replace(before) == after)
    }

    @Test(
        "the port may stand before the hostname, in quotes, or not at all",
        arguments: [
            (
                #"{"port":443,"hostname":"dbc-1.cloud.databricks.com"}"#,
                #"{"port":8443,"hostname":"prod.lakegate.example"}"#
            ),
            (
                #"{"hostname":"dbc-1.cloud.databricks.com","port":"443"}"#,
                #"{"hostname":"prod.lakegate.example","port":"8443"}"#
            ),
            (#"{"hostname":"dbc-1.cloud.databricks.com"}"#, #"{"hostname":"prod.lakegate.example"}"#),
            (
                #"{"jdbc_url":"jdbc:databricks://dbc-1.cloud.databricks.com/x"}"#,
                #"{"jdbc_url":"jdbc:databricks://prod.lakegate.example:8443/x"}"#
            ),
            (
                #"{"jdbc_url":"jdbc:spark:\/\/dbc-1.cloud.databricks.com:443\/x"}"#,
                #"{"jdbc_url":"jdbc:spark:\/\/prod.lakegate.example:8443\/x"}"#
            ),
        ])
    func forms(_ before: String, _ after: String) {
        #expect(replace(before) == after)
    }

    @Test(
        "another host, another key, and what is no JSON stay as they are",
        arguments: [
            #"{"hostname":"dbc-2.cloud.databricks.com","port":443}"#,
            #"{"host":"dbc-1.cloud.databricks.com","port":443}"#,
            #"{"name":"hostname","x":"dbc-1.cloud.databricks.com"}"#, #"{"hostname":["dbc-1.cloud.databricks.com"]}"#,
            #"{"jdbc_url":"jdbc:spark://dbc-1.cloud.databricks.com.evil.example:443/"}"#,
            #"{"jdbc_url":"jdbc:spark://x/?//y"}"#, "dbc-1.cloud.databricks.com", "", "{", "}", "\"",
            "{\"hostname\":\"", #"{"a\"#,
            #"{"port":443}"#, #"{"hostname":{"port":443}}"#,
        ])
    func untouched(_ text: String) {
        #expect(replace(text) == text)
    }

    @Test("any bytes are read without a trap")
    func anyBytes() {
        var state: UInt64 = 20261126
        let alphabet = [
            #"{"#, #"}"#, #"""#, ":", ",", #"\"#, "443", "hostname", "jdbc_url", "port", "dbc-1.cloud.databricks.com",
            "//", "[",
        ]
        for _ in 0..<20_000 {
            let text = (0..<12).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return alphabet[Int(state >> 33) % alphabet.count]
            }
            _ = replace(text.joined())
        }
    }
}
