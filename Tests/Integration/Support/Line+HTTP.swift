import Testing

/// An answer as it came over the wire.
struct Answer {
    var status: Int
    var head: String
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    func field(_ name: String) -> String? {
        fields(name).first
    }

    func fields(_ name: String) -> [String] {
        head.split(separator: "\r\n").dropFirst().compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == name else { return nil }
            return parts[1].trimmingCharacters(in: .whitespaces)
        }
    }
}

extension Line {
    /// Takes a head: everything through the empty line.
    func takeHead(seconds: Int = 60) async throws -> String {
        try await take(through: "\r\n\r\n", seconds: seconds)
    }

    /// Takes one whole answer; a body without a length must end with close_notify.
    func takeAnswer(toHEAD: Bool = false, seconds: Int = 60) async throws -> Answer {
        let head = try await takeHead(seconds: seconds)
        let status = Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0
        var answer = Answer(status: status, head: head, body: [])
        if toHEAD || status == 204 || status == 304 || status < 200 { return answer }
        if let length = answer.field("content-length").flatMap({ Int($0) }) {
            answer.body = try await take(length, seconds: seconds)
        } else if answer.field("transfer-encoding") == "chunked" {
            answer.body = try await takeChunks(seconds: seconds)
        } else {
            try await untilOver(seconds: seconds)
            #expect(ending == .cleanly)
            answer.body = Array(pending.utf8)
        }
        return answer
    }

    private func takeChunks(seconds: Int) async throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let line = try await take(through: "\r\n", seconds: seconds)
            guard let size = Int(line.dropLast(1), radix: 16) else {
                throw Overdue(what: "a chunk size", received: line)
            }
            body += try await take(size, seconds: seconds)
            #expect(try await take(through: "\r\n") == "\r\n")
            if size == 0 { return body }
        }
    }
}

extension Answer {
    init(_ text: String) {
        self.init(status: Int(text.split(separator: " ").dropFirst().first ?? "") ?? 0, head: text, body: [])
    }
}
