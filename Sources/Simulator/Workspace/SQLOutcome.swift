/// What a statement gives: the simulated warehouse knows a handful by heart.
enum SQLOutcome: Sendable, Equatable {
    case rows(columns: [Column], rows: [[String?]])
    case failed(code: String, message: String)

    struct Column: Sendable, Equatable {
        var name: String
        var type: String
    }

    static func run(_ statement: String, user: DemoUser) -> SQLOutcome {
        let words = statement.split { $0.isWhitespace || $0 == ";" }.joined(separator: " ")
        switch words.lowercased() {
        case "select 1": return .one("1", "INT", "1")
        case "select current_user()", "select current_user": return .one("current_user()", "STRING", user.name)
        case "select current_catalog()": return .one("current_catalog()", "STRING", "demo")
        case "select current_user() as me, 1 as one":
            return .rows(
                columns: [Column(name: "me", type: "STRING"), Column(name: "one", type: "INT")],
                rows: [[user.name, "1"]])
        case "select * from demo.trips": return trips
        default: return .failed(code: "BAD_REQUEST", message: "[PARSE_SYNTAX_ERROR] The demo does not know this one.")
        }
    }

    private static func one(_ name: String, _ type: String, _ value: String) -> SQLOutcome {
        .rows(columns: [Column(name: name, type: type)], rows: [[value]])
    }

    private static let trips = SQLOutcome.rows(
        columns: [Column(name: "id", type: "INT"), Column(name: "town", type: "STRING")],
        rows: [["1", "Oslo"], ["2", "Łódź"], ["3", nil]])

    /// The answer of the statement execution API, inline and as a JSON array.
    func json(id: String, isCanceled: Bool) -> JSON {
        let name = ("statement_id", JSON.string(id))
        if isCanceled { return .object([name, ("status", ["state": "CANCELED"])]) }
        switch self {
        case .rows(let columns, let rows):
            return .object([
                name, ("status", ["state": "SUCCEEDED"]), ("manifest", SQLOutcome.manifest(columns, rows)),
                ("result", SQLOutcome.result(rows)),
            ])
        case .failed(let code, let message):
            let error: JSON = ["error_code": .string(code), "message": .string(message)]
            return .object([name, ("status", ["state": "FAILED", "error": error])])
        }
    }

    private static func manifest(_ columns: [Column], _ rows: [[String?]]) -> JSON {
        let count = JSON.number(Int64(rows.count))
        let described = columns.enumerated().map { index, column -> JSON in
            [
                "name": .string(column.name), "position": .number(Int64(index)),
                "type_name": .string(column.type), "type_text": .string(column.type),
            ]
        }
        return [
            "format": "JSON_ARRAY",
            "schema": ["column_count": .number(Int64(columns.count)), "columns": .array(described)],
            "total_chunk_count": 1, "total_row_count": count, "truncated": false,
            "chunks": [["chunk_index": 0, "row_offset": 0, "row_count": count]],
        ]
    }

    static func result(_ rows: [[String?]]) -> JSON {
        [
            "chunk_index": 0, "row_offset": 0, "row_count": .number(Int64(rows.count)),
            "data_array": .array(rows.map { .array($0.map { $0.map(JSON.string) ?? .null }) }),
        ]
    }
}
