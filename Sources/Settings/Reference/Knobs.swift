extension Knob {
    public static let all: [Knob] =
        [
            listen, tlsCertificate, tlsPrivateKey, tlsOldestVersion, tlsClientAuthority, adminListen,
            adminInsecureListenAnywhere,
            adminTokenFile,
        ] + ofStore + [
            sealingKeyring, sessionsLifetime, sessionsStaleness, sessionsRefreshAnswerTime, sessionsEndNotice,
            accessLog, drainAnnounce, drainPatience, eventLoops,
        ] + limits + everyAccount + [workspaces] + everyWorkspace + identities

    static let listen = Knob(
        "listen", "Where clients connect; always TLS.", shape: Shape.endpoint, example: "0.0.0.0:8443", .required,
        environment: "LAKEGATE_LISTEN")
    static let tlsCertificate = Knob(
        "tls.certificate", "Certificate chain shown to clients, PEM, leaf first.", shape: Shape.path,
        example: "tls.crt", .required, environment: "LAKEGATE_TLS_CERTIFICATE")
    static let tlsPrivateKey = Knob(
        "tls.privateKey", "Private key of the certificate, PEM, without passphrase.", shape: Shape.path,
        example: "tls.key", .required, environment: "LAKEGATE_TLS_PRIVATE_KEY")
    static let tlsOldestVersion = Knob(
        "tls.oldestVersion", "The oldest version of TLS that clients may speak.",
        shape: "`1.2` or `1.3`", example: "1.3", .standard("1.2"))
    static let tlsClientAuthority = Knob(
        "tls.clientAuthorityFile", "Trust anchors, PEM, of the certificates that programs may show; see `clients`.",
        shape: Shape.path, example: "clients-ca.pem", .optional("clients are asked for none"))
    static let adminListen = Knob(
        "admin.listen", "Where health and metrics are served; plain HTTP, without a login.",
        shape: "a loopback address and port, like 127.0.0.1:9901 (port 0...65535, 0 takes a free one)",
        example: "127.0.0.1:9901", .standard("127.0.0.1:9901"), environment: "LAKEGATE_ADMIN_LISTEN")
    static let adminInsecureListenAnywhere = Knob(
        "admin.insecureListenAnywhere", "Lets `admin.listen` be an address that other machines reach.",
        shape: Shape.flag, example: "true", .standard("false"))
    static let adminTokenFile = Knob(
        "admin.tokenFile", "File whose first line is the token that opens `/sessions` on the admin listener.",
        shape: Shape.path, example: "admin.token", .optional("`/sessions` is closed"), echo: .withheld)
    static let sealingKeyring = Knob(
        "sealing.keyring", "Keys that seal what is stored; made by `lakegate keys generate`.", shape: Shape.path,
        example: "keyring.json", .optional("a key is made at start; only with the store in memory"),
        environment: "LAKEGATE_KEYRING")
    static let sessionsLifetime = Knob(
        "sessions.lifetime", "From a login to the moment the person must log in again, whatever they do.",
        shape: "a duration from 5m to 400d: a whole number and one of s, m, h, d", example: "30d", .standard("30d"))
    static let sessionsStaleness = Knob(
        "sessions.staleness", "How long a session in use goes on before it is compared with the store.",
        shape: "a duration from 1s to 10m: a whole number and one of s, m, h, d", example: "5s", .standard("5s"))
    static let sessionsRefreshAnswerTime = Knob(
        "sessions.refreshAnswerTime",
        "How long a provider may take to renew a token. A token whose answer is lost is tried again after"
            + " 1.9 times as long.",
        shape: "a duration from 2s to 10m: a whole number and one of s, m, h, d", example: "40s", .standard("40s"))
    static let sessionsEndNotice = Knob(
        "sessions.endNotice",
        "How long before a session ends its answers say when, in `Lakegate-Session-Ends`; 0s for never.",
        shape: "a duration from 0s to 30d: a whole number and one of s, m, h, d", example: "24h", .standard("24h"))
    static let accessLog = Knob(
        "accessLog", "One JSON line for every request.", shape: "`stdout`, `off`, or the path of a file",
        example: "stdout", .standard("stdout"), environment: "LAKEGATE_ACCESS_LOG")
    static let drainAnnounce = Knob(
        "drain.announce", "How long all goes on after SIGTERM with `/readyz` at 503, before the listener closes.",
        shape: "a duration from 0s to 10m: a whole number and one of s, m, h, d", example: "10s", .standard("0s"))
    static let drainPatience = Knob(
        "drain.patience", "How long clients have to leave, and requests to end, once the listener is closed.",
        shape: "a duration from 0s to 1h: a whole number and one of s, m, h, d", example: "25s", .standard("25s"))
    static let eventLoops = Knob(
        "eventLoops", "Threads that serve clients.", shape: "a whole number from 1 to 256", example: "2",
        .optional("one for each core"), environment: "LAKEGATE_EVENT_LOOPS")
    static let workspaces = Knob(
        "workspaces", "The Databricks workspaces behind this Lakegate.", shape: "a list with at least one entry",
        example: "[{name: prod, hosts: […], url: https://…, oauth: {clientID: …}}]", .required)
}

/// Shapes that several knobs share.
enum Shape {
    static let endpoint =
        "an address or name and a port, like 0.0.0.0:8443 or [::]:8443 (port 0...65535, 0 takes a free one)"
    static let path = "the path of a file; a relative one starts at the configuration's folder"
    static let name = "1...64 letters, digits, `-`, `_` or `.`, starting with a letter or digit; each name once"
    static func several(_ shape: String) -> String { "\(shape), or a list" }
    static let flag = "true or false"
    static let rate = "a whole number from 0 to 1000000"
    static let size = "a whole number, in bytes or with one of KiB, MiB, GiB, up to 1024GiB"
    static let address = "an https:// URL without user, query or fragment"
}
