import ChangeLog
import SyncProtocol

/// One request of a hostile device, and what the server must answer.
struct Attack: Sendable {
    enum Answer: Sendable {
        /// The conversation ends with this code and its reason, and nothing is kept.
        case refusal(String)
        /// Each change of the request is judged and has this code, with its reason where it is refused.
        case verdicts([String])
        /// Either refused with a code of the protocol, or, where the damage changed nothing that was said,
        /// judged as this batch, which is pushed again to see that it is the same.
        case refusalOr(Batch)
        /// A stream of frames without a refusal, none of which tells anything of these audiences.
        case stream(without: [AudienceID])
        /// Frames without a refusal, or a refusal with a code of the protocol.
        case anything
        /// The same from a pull that stays open: the device leaves once it has all there was.
        case live
        /// The device hangs up in the middle.
        case none
    }

    let path: String
    let body: [UInt8]
    let answer: Answer

    init(_ path: String, _ body: [UInt8], _ answer: Answer) {
        self.path = path
        self.body = body
        self.answer = answer
    }

    init(_ path: String, _ frames: [Frame], _ answer: Answer) {
        self.init(path, frames.flatMap(\.bytes), answer)
    }

    /// A family of attacks: what is false in them, and how one is made.
    struct Family: Sendable {
        let name: String
        let make: @Sendable (inout HostileDevice) throws -> Attack

        init(_ name: String, _ make: @escaping @Sendable (inout HostileDevice) throws -> Attack) {
            self.name = name
            self.make = make
        }
    }

    /// What a server may answer to bytes that were damaged at random.
    static let codesOfDamage = Set(ProtocolError.Code.allCases.map(\.rawValue)).union([
        "replica.foreign", "replica.copied", "chain.unsigned", "chain.broken", "chain.tooLong",
        "cursor.future", "epoch.changed",
    ])
}
