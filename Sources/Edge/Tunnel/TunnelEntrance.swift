import TLS

/// What becomes one end of a tunnel: a connection, and what was read from it already.
struct TunnelEntrance {
    var tls: TLSConnection
    var bytes: [UInt8]
}
