import NIOCore

/// What lies between the socket and HTTP.
enum Transport: Sendable {
    case plain

    func install(on pipeline: ChannelPipeline.SynchronousOperations) throws {}
}
