/// What one device, and one organisation with all its devices, may ask of the server: all limits of traffic, in
/// one place.
///
/// A burst is what may come at once after a time of rest; the rate is what may come for ever. The bursts let an
/// honest device send the offline work of a year without a pause, the rates leave the server to the others.
public struct TrafficLimits: Sendable {
    /// A burst and the rate at which it comes back.
    public struct Allowance: Hashable, Sendable {
        public var burst: Int64
        /// For each second.
        public var rate: Int64

        /// - Parameters: both at least 1.
        public init(burst: Int64, rate: Int64) {
            self.burst = max(burst, 1)
            self.rate = max(rate, 1)
        }
    }

    /// Changes pushed by a device, and as many as `requestChanges` for each of its requests; 100,000 at once,
    /// 250 a second: of that the writer is busy for less than a hundredth of its time.
    public var deviceChanges = Allowance(burst: 100_000, rate: 250)
    /// Bytes of frames to and from a device; 256 MiB at once, 4 MiB a second.
    public var deviceBytes = Allowance(burst: 256 << 20, rate: 4 << 20)
    /// The same of all devices of an organisation together; 400,000 at once, 1,000 a second.
    public var organisationChanges = Allowance(burst: 400_000, rate: 1_000)
    /// 1 GiB at once, 16 MiB a second.
    public var organisationBytes = Allowance(burst: 1 << 30, rate: 16 << 20)
    /// What a request costs beside the changes in it, in changes; 10.
    public var requestChanges: Int64 = 10
    /// Requests of a device at a time, live pulls among them; 16.
    public var requests = 16
    /// Live pulls of a device at a time; 8.
    public var livePulls = 8
    /// Open connections of a device, each with one request at a time or none; 32.
    public var connections = 32
    /// How long a push or pull that has begun is slowed down at most before it is ended, milliseconds; 30 s.
    public var longestPause: Int64 = 30_000
    /// The most that a device is told to wait, milliseconds; an hour.
    public var longestWait: Int64 = 3_600_000

    /// How long a device with much to send leaves the server to others after a piece of it, for each change: three times
    /// what the writer takes for it.
    static let rest = Duration.microseconds(100)

    public init() {}
}
