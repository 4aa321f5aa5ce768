import Logging
import Metrics
import Sessions

/// Takes up a keyring that was changed, soon after its file is there.
struct KeyringWatch: Sendable {
    /// `nil` for one that lives in this process only.
    let path: String?
    let keys: KeyringBox
    let metrics: MetricsRegistry
    let logger: Logger

    /// Looks at the file once a second, until cancelled.
    func run() async {
        show(keys.current)
        guard let path else { return }
        var problem: KeyringError?
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            problem = look(path, known: problem)
        }
    }

    /// Gives what is wrong with the file; it is told once.
    private func look(_ path: String, known: KeyringError?) -> KeyringError? {
        do throws(KeyringError) {
            let found = try Keyring.load(path: path)
            if found.fingerprint != keys.current.fingerprint { take(found) }
            return nil
        } catch {
            if error != known {
                logger.error("keyring not replaced, the former one stays", metadata: ["reason": "\(error)"])
            }
            return error
        }
    }

    private func take(_ keyring: Keyring) {
        keys.replace(with: keyring)
        show(keyring)
        logger.info(
            "keyring replaced", metadata: ["active": "\(keyring.activeID)", "fingerprint": "\(keyring.fingerprint)"])
    }

    private func show(_ keyring: Keyring) {
        metrics.keyring.set([("active", keyring.activeID), ("fingerprint", keyring.fingerprint)])
    }
}
