import ChangeLog
import SyncProtocol

@testable import SyncServer

// Bytes that are no frames of this protocol, frames in an order that it does not know, streams that end too
// soon, and honest ones that were damaged on the way.

extension HostileDevice {
    static let frames =
        lengths + order + [
            Attack.Family("a kind of frame that nobody knows") { device in
                let kind = UInt8(32 + device.below(224))
                return device.raw([kind] + device.bits().bytes, "frame.unknown")
            },
            Attack.Family("flags that nobody knows") { device in
                device.push(refused: "change.unsupported") { $0.put(varint: 16_384) }
            },
            Attack.Family("an operation that nobody knows") { device in
                let code = UInt8(11 + device.below(245))
                return device.push(refused: "change.unsupported") { writer in
                    Self.putEnvelope(to: &writer)
                    writer.put(varint: 1)
                    writer.put(byte: code)
                }
            },
            Attack.Family("a policy that nobody knows") { device in
                device.push(refused: "change.unsupported") { writer in
                    Self.putEnvelope(to: &writer)
                    for byte: UInt8 in [1, 4, 0, 0, 99] { writer.put(byte: byte) }
                }
            },
            Attack.Family("an index beyond its dictionary") { device in
                let index = device.pick([1, 127, 1 << 62, 1 << 63, UInt64.max])
                return device.push(refused: "frame.malformed") { writer in
                    writer.put(varint: 1)
                    writer.put(varint: index)
                }
            },
            Attack.Family("a number in a longer form than needed") { device in
                device.raw([1, 0x81, 0], "frame.malformed")
            },
            Attack.Family("text that is not UTF-8") { device in
                device.push(refused: "frame.malformed") { writer in
                    Self.putEnvelope(to: &writer)
                    for byte: UInt8 in [1, 4, 0, 0, 1, 0x13, 0xff] { writer.put(byte: byte) }
                }
            },
            Attack.Family("bytes behind the end") { device in
                var body = Array(Frame.ask([]).bytes.dropFirst(4))
                body.append(UInt8(device.below(256)))
                return device.raw(body, "frame.malformed")
            },
        ]

    /// A frame of this body after an honest hello.
    private func raw(_ body: [UInt8], _ code: String) -> Attack {
        let length = UInt64(body.count).bigEndianBytes.suffix(4)
        return Attack("/push", hello.bytes + length + body, .refusal(code))
    }

    /// A push with one of each in its dictionary and one entry, which `entry` writes.
    private func push(refused code: String, entry: (inout ByteWriter) -> Void) -> Attack {
        var writer = ByteWriter()
        writer.put(byte: 2)
        writer.put(varint: 1)
        writer.put(bytes: member.replica.bytes)
        for name in [team.name, "quote"] {
            writer.put(varint: 1)
            writer.put(name: name)
        }
        for id in [note.bits, note.bits] {
            writer.put(varint: 1)
            writer.put(bytes: id.bytes)
        }
        writer.put(varint: 1)
        writer.put(bytes: member.epoch.value.bigEndianBytes)
        writer.put(varint: 1)
        writer.put(varint: 1)
        entry(&writer)
        return raw(writer.bytes, code)
    }

    /// Flags, the three indexes, the time and the seed: up to where the contents begin.
    private static func putEnvelope(to writer: inout ByteWriter) {
        for byte: UInt8 in [1, 0, 0, 0, 0, 0] { writer.put(byte: byte) }
    }

    private static let lengths = [
        Attack.Family("2^63 of something in a batch") { device in
            var writer = ByteWriter()
            writer.put(byte: 2)
            for _ in 0..<device.below(8) { writer.put(varint: 0) }
            writer.put(varint: 1 << 63)
            return device.raw(writer.bytes, "frame.tooLarge")
        },
        Attack.Family("2^63 of something in a change") { device in
            let contents: [[UInt8]] = [
                [], [1, 2, 0], [1, 3, 0], [1, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [1, 10, 0, 0],
                [1, 1, 0, 0, 2], [1, 4, 0, 0, 1],
            ]
            let before = device.pick(contents)
            return device.push(refused: "frame.tooLarge") { writer in
                Self.putEnvelope(to: &writer)
                writer.put(bytes: before)
                writer.put(varint: 1 << 63)
            }
        },
        Attack.Family("a text edit at 2^62 of 2^63") { device in
            let isDeletion = UInt64(device.below(2))
            return device.push(refused: "frame.tooLarge") { writer in
                Self.putEnvelope(to: &writer)
                writer.put(bytes: [1, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
                writer.put(varint: 1 << 63 | isDeletion)
                writer.put(varint: 1 << 63)
            }
        },
        Attack.Family("2^63 of something in another frame") { device in
            var writer = ByteWriter()
            writer.put(byte: device.pick([3, 5]))
            writer.put(varint: 1 << 63)
            return device.raw(writer.bytes, "frame.tooLarge")
        },
        Attack.Family("a frame of 2^32 bytes, or of none") { device in
            let length: [UInt8] = device.pick([[255, 255, 255, 255], [0, 64, 0, 0], [0, 0, 0, 0]])
            return Attack("/push", device.hello.bytes + length + [2, 0], .refusal("frame.tooLarge"))
        },
        Attack.Family("a text longer than is left") { device in
            device.push(refused: "frame.malformed") { writer in
                Self.putEnvelope(to: &writer)
                writer.put(bytes: [1, 4, 0, 0, 1])
                writer.put(varint: UInt64(Limits.textBytes) << 4 | 3)
            }
        },
    ]

    private static let order = [
        Attack.Family("a push before the hello") { device in
            let batch = try device.signed([device.change()])
            return Attack("/push", [.push(batch), device.hello], .refusal("session.outOfOrder"))
        },
        Attack.Family("a second hello") { device in
            Attack("/push", [device.hello, device.hello], .refusal("session.outOfOrder"))
        },
        Attack.Family("a want in a push") { device in
            let want = Want(cursor: .origin, isLive: false, held: [])
            return Attack("/push", [device.hello, .want(want)], .refusal("session.outOfOrder"))
        },
        Attack.Family("segments in a push") { device in
            Attack("/push", [device.hello, .segmented], .refusal("session.outOfOrder"))
        },
        Attack.Family("parts of audiences before a want") { device in
            let want = Want(cursor: .origin, isLive: false, held: [])
            let range = FingerprintRange(
                audience: Roster.audience, after: .origin, through: Position(UInt64(device.below(9)) + 1))
            let parts = [RangeFingerprint(range: range, fingerprint: .zero)]
            return Attack(
                "/pull", [device.hello, .fingerprints(parts), .want(want)], .refusal("frame.malformed"))
        },
        Attack.Family("the server's frames") { device in
            let said: [Frame] = [
                .verdicts([]), .grant(device.foreignTeam, end: .origin), .revoke([device.foreignTeam]),
                .current(Position(9)), .pulse(milliseconds: 0),
                .refusal(Reason(code: "a.b", message: "", remedy: "")),
                .segments(SegmentList(lane: device.foreignTeam, segments: [])),
            ]
            return Attack("/push", [device.hello, device.pick(said)], .refusal("session.outOfOrder"))
        },
        Attack.Family("another version") { device in
            let version = device.pick([0, 2, 1 << 63, UInt64.max])
            let hello = Hello(version: version, replica: device.member.replica, epoch: nil, cursor: .origin)
            return Attack("/push", [.hello(hello)], .refusal("session.version"))
        },
        Attack.Family("more frames than a request may have") { device in
            let frames = Array(repeating: Frame.ask([]), count: HTTPLimits().framesPerRequest)
            return Attack("/push", [device.hello] + frames, .refusal("frame.tooLarge"))
        },
        Attack.Family("a positioned change in a push") { device in
            var change = device.change()
            change.placement = .init(position: Position(1), effective: change.envelope.time)
            return try device.refused([change], as: "frame.malformed")
        },
        Attack.Family("a stream that ends inside a frame") { device in
            let batch = try device.signed([device.change()])
            let bytes = device.hello.bytes + Frame.push(batch).bytes
            let end = device.hello.bytes.count + 1 + device.below(Frame.push(batch).bytes.count - 1)
            return Attack("/push", Array(bytes.prefix(end)), .refusal("frame.truncated"))
        },
        Attack.Family("a connection that is cut in the middle") { device in
            let batch = try device.signed([device.change()])
            let bytes = device.hello.bytes + Frame.push(batch).bytes
            return Attack("/push", Array(bytes.prefix(device.below(bytes.count))), .none)
        },
    ]

    /// Honest requests with a few bytes changed, put in or left out.
    static let damage = [
        Attack.Family("a damaged push") { device in
            let batch = try device.signed([device.change()])
            let bytes = device.damaged(device.hello.bytes + Frame.push(batch).bytes)
            return Attack("/push", bytes, .refusalOr(batch))
        },
        Attack.Family("a damaged pull") { device in
            let held = Want.Held(audience: device.team, have: .origin, end: device.head)
            let want = Want(cursor: .origin, isLive: device.below(20) == 0, held: [held])
            let bytes = device.damaged(device.hello.bytes + Frame.want(want).bytes)
            return Attack("/pull", bytes, device.asksForMore(bytes) ? .live : .anything)
        },
    ]

    /// Whether a request can still be read as a live pull, which damage may also make of another: one bit.
    private func asksForMore(_ bytes: [UInt8]) -> Bool {
        var decoder = FrameDecoder()
        decoder.append(bytes)
        do {
            while let frame = try decoder.next() {
                if case .want(let want) = frame { return want.isLive }
            }
        } catch {
            // No frame any more, and refused as such.
            return false
        }
        return false
    }

    private mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...below(3) {
            let place = below(bytes.count)
            switch below(6) {
            case 0: bytes.insert(UInt8(below(256)), at: place)
            case 1: bytes.remove(at: place)
            case 2: bytes[place] = UInt8(below(256))
            default: bytes[place] ^= UInt8(1 << below(8))
            }
        }
        return bytes
    }
}
