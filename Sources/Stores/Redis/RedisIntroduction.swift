import Basics
import NIOCore
import Sessions

/// What a new connection says first: who we are, which database, and the scripts. All of it in one go.
struct RedisIntroduction {
    private let configuration: RedisConfiguration
    private let scripts: [RedisScript]

    init(_ configuration: RedisConfiguration, scripts: [RedisScript]) {
        self.configuration = configuration
        self.scripts = scripts
    }

    /// Gives the digests of the scripts; none where the server does not let us load them.
    func run(
        on channel: RedisChannel, deadline: NIODeadline,
        done: @escaping (Result<[RedisScript: String], StoreError>) -> Void
    ) {
        let progress = Progress(done)
        for command in greetings {
            channel.send(command, deadline: deadline) { progress.heard($0) }
        }
        for script in scripts {
            channel.send(RedisCommand("SCRIPT", "LOAD", script.text), deadline: deadline) { answer in
                if case .success(.bulk(let sha)) = answer {
                    progress.shas[script] = String(decoding: sha, as: UTF8.self)
                }
            }
        }
        if configuration.sentinels != nil {
            // Sentinels may not have noticed yet that it is no longer the master.
            channel.send(RedisCommand("ROLE"), deadline: deadline) { progress.heardRole($0) }
        }
        // The last, and the one that fails where a password is missing, or while the server loads its data.
        channel.send(RedisCommand("PING"), deadline: deadline) { answer in
            progress.heard(answer)
            progress.finish()
        }
    }

    private var greetings: [RedisCommand] {
        var commands: [RedisCommand] = []
        if let password = configuration.password {
            let words = ["AUTH"] + (configuration.username.map { [$0] } ?? []) + [password.reveal()]
            commands.append(RedisCommand(words.map { Array($0.utf8) }))
        }
        if configuration.database != 0 {
            commands.append(RedisCommand("SELECT", String(configuration.database)))
        }
        return commands
    }

    private final class Progress {
        var shas: [RedisScript: String] = [:]
        private var problem: StoreError?
        private let done: (Result<[RedisScript: String], StoreError>) -> Void

        init(_ done: @escaping (Result<[RedisScript: String], StoreError>) -> Void) {
            self.done = done
        }

        func heard(_ answer: Result<RESPValue, StoreError>) {
            guard problem == nil else { return }
            switch answer {
            case .success(.error(let text)): problem = RedisErrorText(text).storeError
            case .success: break
            case .failure(let error): problem = error
            }
        }

        func heardRole(_ answer: Result<RESPValue, StoreError>) {
            heard(answer)
            guard problem == nil, case .success(.array(let parts)) = answer, parts.first?.text != "master" else {
                return
            }
            problem = .unavailable("the server is not the master")
        }

        func finish() {
            done(problem.map { .failure($0) } ?? .success(shas))
        }
    }
}
