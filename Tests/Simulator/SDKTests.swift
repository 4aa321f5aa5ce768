import Foundation
import Testing

@testable import Simulator

/// The unmodified Python SDK, where `LAKEGATE_TEST_PYTHON` names an interpreter that has databricks-sdk.
@Suite struct SDKTests {
    static let python = ProcessInfo.processInfo.environment["LAKEGATE_TEST_PYTHON"]

    @Test(.enabled(if: python != nil), .timeLimit(.minutes(2)))
    func sdkReadsEveryAnswer() async throws {
        try await RunningSimulator.use { running in
            let token = try await running.login().accessToken ?? ""
            let script = running.folder.path + "/script.py"
            try SDKTests.script.write(toFile: script, atomically: true, encoding: .utf8)
            let environment = [
                "DATABRICKS_HOST": running.simulator.url, "DATABRICKS_TOKEN": token,
                "REQUESTS_CA_BUNDLE": running.folder.path + "/ca.pem", "HOME": running.folder.path,
            ]
            let python = try #require(SDKTests.python)
            let command = try await Command.run("/usr/bin/timeout", ["100", python, script], environment: environment)
            #expect(command.status == 0, "\(command.errors)")
            #expect(command.output == "all well\n")
        }
    }

    static let script = """
        import hashlib, io, os
        from databricks.sdk import WorkspaceClient
        from databricks.sdk.errors import PermissionDenied, NotFound
        from databricks.sdk.service.sql import StatementState
        w = WorkspaceClient()
        assert w.current_user.me().user_name == "ada@example.com"
        assert w.get_workspace_id() == 1234567890123456
        clusters = list(w.clusters.list())
        assert clusters[0].state.value == "RUNNING"
        assert w.clusters.get(clusters[0].cluster_id).cluster_name == "demo"
        warehouse = list(w.warehouses.list())[0]
        assert warehouse.odbc_params.hostname == "localhost"
        ran = w.statement_execution.execute_statement("SELECT current_user()", warehouse.id)
        assert ran.status.state == StatementState.SUCCEEDED
        assert ran.result.data_array == [["ada@example.com"]]
        assert ran.manifest.schema.columns[0].type_name.value == "STRING"
        late = w.statement_execution.execute_statement("select * from demo.trips", warehouse.id, wait_timeout="0s")
        assert late.status.state == StatementState.PENDING
        done = w.statement_execution.get_statement(late.statement_id)
        assert done.manifest.total_row_count == 3 and done.result.data_array[2] == ["3", None]
        assert w.statement_execution.get_statement_result_chunk_n(late.statement_id, 0).row_count == 3
        w.statement_execution.cancel_execution(late.statement_id)
        assert w.statement_execution.get_statement(late.statement_id).status.state == StatementState.CANCELED
        bad = w.statement_execution.execute_statement("DROP EVERYTHING", warehouse.id)
        assert bad.status.state == StatementState.FAILED and "PARSE" in bad.status.error.message
        content = os.urandom(60 << 20)
        w.files.upload("/Volumes/demo/a/b/big file.bin", io.BytesIO(content), overwrite=True)
        back = w.files.download("/Volumes/demo/a/b/big file.bin").contents.read()
        assert hashlib.sha256(back).digest() == hashlib.sha256(content).digest()
        assert w.files.get_metadata("/Volumes/demo/a/b/big file.bin").content_length == len(content)
        w.files.delete("/Volumes/demo/a/b/big file.bin")
        for path, error in (("permission-denied", PermissionDenied), ("status/404", NotFound)):
            try:
                w.api_client.do("GET", "/api/2.0/lakegate-simulator/" + path)
                raise SystemExit("no error for " + path)
            except error:
                pass
        print("all well")
        """
}
