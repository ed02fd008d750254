public import NIOCore

/// What one connection may cost, and how long it may keep the other side waiting.
public struct TLSLimits: Sendable {
    /// The most bytes that a peer may send without completing its handshake; 64 KiB.
    public var bytesBeforeHandshake = 64 * 1024
    /// The most bytes of plaintext that are kept until the handshake is complete; 1 MiB.
    public var queuedBeforeHandshake = 1024 * 1024
    /// The most bytes of plaintext that one read yields; 256 KiB.
    public var plaintextPerRead = 256 * 1024
    /// How long a handshake may take; 10 seconds.
    public var handshakeTimeout = TimeAmount.seconds(10)
    /// How long a close waits for the goodbye of the peer; 2 seconds.
    public var closeTimeout = TimeAmount.seconds(2)

    public init() {}
}
