extension Knob {
    /// Where sessions are kept, and how to get in there.
    static let ofStore = [
        store, storePassword, storePasswordFile, storeTLSCAFile, storeTLSCertificate, storeTLSPrivateKey,
        storeSentinelUsername, storeSentinelPasswordFile, storeReplicasAcknowledgements, storeReplicasWaitAtMost,
    ]

    static let store = Knob(
        "store", "Where sessions are kept; with `memory`, a restart signs everybody out.",
        shape: "`memory`, redis://[user[:password]@]host[:port][/database],"
            + " redis+sentinel://[user[:password]@]host[:port],host[:port],…/master[/database], or"
            + " redis+cluster://[user[:password]@]host[:port],host[:port],…; `rediss` for TLS",
        example: "redis://127.0.0.1:6379/0", .required, environment: "LAKEGATE_STORE", echo: .withheld)
    static let storePassword = Knob(
        nil, "Password for Redis; wins over one in `store`.", shape: "a password",
        example: "the password", .optional("the one in `store`"),
        environment: "LAKEGATE_STORE_PASSWORD", echo: .withheld)
    static let storePasswordFile = Knob(
        nil, "File whose first line is the password for Redis; a changed one is taken up while running.",
        shape: Shape.path, example: "/run/secrets/redis-password", .optional("the one in `store`"),
        environment: "LAKEGATE_STORE_PASSWORD_FILE")
    static let storeTLSCAFile = Knob(
        "storeTLS.authorityFile", "Extra trust anchors, PEM, for `rediss://`.", shape: Shape.path,
        example: "redis-ca.pem", .optional("the system's trust anchors alone"))
    static let storeTLSCertificate = Knob(
        "storeTLS.clientCertificate", "Certificate chain for a Redis that asks for one, PEM, leaf first.",
        shape: Shape.path, example: "redis-client.crt", .optional("none is shown"))
    static let storeTLSPrivateKey = Knob(
        "storeTLS.clientKey", "Private key of that certificate, PEM, without passphrase.", shape: Shape.path,
        example: "redis-client.key", .optional("none"))
    static let storeSentinelUsername = Knob(
        "storeSentinel.user", "User for Sentinels that ask for one.", shape: "a word without spaces, in ASCII",
        example: "lakegate", .optional("the user `default`"))
    static let storeSentinelPasswordFile = Knob(
        "storeSentinel.passwordFile",
        "File whose first line is the password for the Sentinels; read at each connection to one.",
        shape: Shape.path, example: "/run/secrets/sentinel-password", .optional("they are given none"))
    static let storeReplicasAcknowledgements = Knob(
        "storeReplicas.acknowledgements",
        "Replicas of Redis that must have what was written of a session before it is used. A failover to one of them"
            + " forgets nothing.",
        shape: "a whole number from 0 to 5", example: "1", .standard("0"))
    static let storeReplicasWaitAtMost = Knob(
        "storeReplicas.waitAtMost", "How long they are waited for; afterwards it goes on without them, and is counted.",
        shape: "a duration from 10ms to 2s: a whole number and ms or s", example: "100ms", .standard("100ms"))
}
