import NIOCore
import SyncProtocol

/// What one connection or request may cost.
public struct HTTPLimits: Sendable {
    /// Frames in one request; 64.
    public var framesPerRequest = 64
    /// The body of an enrolment, bytes; 64 KiB.
    public var enrolmentBytes = 64 * 1024
    /// The body of a bundle, bytes; 16 MiB.
    public var bundleBytes = ProtocolLimits.bundleBytes
    /// All headers of a request, bytes; 16 KiB.
    public var headerBytes = 16 * 1024
    /// Open connections; further ones wait until one closes. 4096.
    public var connections = 4096
    /// How long a connection may be silent between requests, or within one that it sends, seconds; 60.
    public var idleSeconds: Int64 = 60
    /// How long sent bytes may stay unread before the connection is given up, seconds; 120.
    public var unreadSeconds: Int64 = 120

    /// What a device and an organisation may ask for.
    public var traffic = TrafficLimits()

    public init() {}
}
