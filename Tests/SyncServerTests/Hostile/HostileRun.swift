import ChangeLog
import Foundation
import NIOHTTP1
import SyncProtocol

@testable import SyncServer

/// One hostile device at work: it draws families of attacks from its seed and compares what it is told with
/// what it should be told.
actor HostileRun {
    private var device: HostileDevice
    private let port: Int
    private let families: [Attack.Family]
    /// Called at every twentieth request.
    private let onProgress: @Sendable () -> Void
    /// How often each family was tried.
    private(set) var counts: [String: Int] = [:]
    /// What was told other than expected; the run ends at the tenth.
    private(set) var faults: [String] = []

    private static let type: HTTPHeaders = ["content-type": TestConnection.frameType]

    init(_ device: HostileDevice, port: Int, onProgress: @escaping @Sendable () -> Void) {
        self.device = device
        self.port = port
        self.onProgress = onProgress
        families =
            HostileDevice.changes + HostileDevice.chains + HostileDevice.frames + HostileDevice.pulls
            + (0..<8).flatMap { _ in HostileDevice.damage }
    }

    /// Makes the first requests, each of the dear ones once.
    func begin() async throws { try await run(beginning + HostileDevice.large) }

    /// Makes this many requests.
    func run(_ count: Int) async throws { try await run((0..<count).map { _ in device.pick(families) }) }

    /// On a connection for as long as the server keeps it open.
    private func run(_ plan: [Attack.Family]) async throws {
        var waiting = plan[...]
        var attack: Attack?
        while let family = waiting.first, faults.count < 10 {
            let before = waiting.count
            try await TestConnection.open(to: port, device.member.context) { connection async throws in
                while let family = waiting.first, faults.count < 10 {
                    let next = try attack ?? family.make(&device)
                    attack = next
                    guard try await meet(next, family.name, on: &connection) else { return }
                    counts[family.name, default: 0] += 1
                    waiting = waiting.dropFirst()
                    if waiting.count % 20 == 0 { onProgress() }
                    attack = nil
                }
            }
            if waiting.count == before { faults.append("\(family.name): no answer on a fresh connection") }
        }
    }

    /// The record that the edits are about, and two edits: so that there is a chain to fall back behind.
    private var beginning: [Attack.Family] {
        let creation = Attack.Family("the beginning") { device in
            let change = device.change([.create(device.note, kind: "annotation", parent: nil, key: nil)])
            return try device.kept([change], as: ["accepted"])
        }
        let edit = Attack.Family("the beginning") { device in
            try device.kept([device.change()], as: ["accepted"])
        }
        return [creation, edit, edit]
    }

    /// - Returns: false when the connection was closed before an answer came: a server may close it after a
    ///   refusal.
    private func meet(
        _ attack: Attack, _ name: String, on connection: inout TestConnection
    ) async throws -> Bool {
        switch attack.answer {
        case .none:
            try await TestConnection.open(to: port, device.member.context) { own async throws in
                try await own.sendPart(attack.path, attack.body, of: attack.body.count + 100)
            }
            return true
        case .live:
            if let fault = try await faultInStream(of: attack) { faults.append("\(name): \(fault)") }
            return true
        default: break
        }
        let headers = attack.path == "/enrol" ? [:] : Self.type
        let answer: TestConnection.Answer
        do {
            answer = try await connection.request(.POST, attack.path, attack.body, headers: headers)
        } catch {
            return false
        }
        if let fault = try await fault(in: answer, to: attack) { faults.append("\(name): \(fault)") }
        return true
    }

    /// What is wrong with an answer; nil when it is as it should be.
    private func fault(
        in answer: TestConnection.Answer, to attack: Attack
    ) async throws -> String? {
        let frames = answer.frames
        for case .welcome(let welcome) in frames { device.head = max(device.head, welcome.head) }
        guard answer.status < 500 else { return "status \(answer.status)" }
        let code = answer.code
        for case .refusal(let reason) in frames where reason.message.isEmpty || reason.remedy.isEmpty {
            return "no reason is told with \(reason.code)"
        }
        let verdicts = frames.flatMap(\.verdicts)
        switch attack.answer {
        case .refusal(let expected):
            guard code == expected else { return "\(code ?? "no refusal") instead of \(expected)" }
            return verdicts.isEmpty ? nil : "verdicts before a refusal"
        case .verdicts(let expected):
            let told = verdicts.map(\.verdict.code)
            guard code == nil, told == expected else {
                return "\(told), \(code ?? "") instead of \(expected)"
            }
            let silent = verdicts.contains { $0.verdict.reason.map { $0.message.isEmpty } ?? false }
            return silent ? "no reason is told" : nil
        case .refusalOr(let batch):
            guard verdicts.isEmpty else { return try await fault(in: verdicts, of: batch) }
            return Attack.codesOfDamage.contains(code ?? "") ? nil : "\(code ?? "no refusal") after damage"
        case .stream(let others):
            if let code { return "\(code) instead of a stream" }
            let told = Set(frames.flatMap(\.delivered).map(\.envelope.audience))
            return told.isDisjoint(with: others) ? nil : "contents of others"
        case .anything:
            guard let code else { return nil }
            return Attack.codesOfDamage.contains(code) ? nil : "\(code) after damage"
        case .live, .none: return nil
        }
    }

    /// Reads a stream that does not end until it has told all there was, or was refused, and leaves.
    private func faultInStream(of attack: Attack) async throws -> String? {
        try await TestConnection.open(to: port, device.member.context) { own async throws in
            try await own.send(.POST, attack.path, attack.body, headers: Self.type)
            while let frame = try await own.nextFrame() {
                switch frame {
                case .current: return nil
                case .refusal(let reason):
                    return Attack.codesOfDamage.contains(reason.code) ? nil : "\(reason.code) after damage"
                default: continue
                }
            }
            return "a stream without an end to what there was"
        }
    }

    /// A damaged push that was judged must have said what the whole one says.
    private func fault(
        in verdicts: [VerdictEntry], of batch: Batch
    ) async throws -> String? {
        guard verdicts.map(\.change) == batch.entries.map(\.envelope.id) else { return "verdicts of others" }
        device.keep(batch)
        let body = device.hello.bytes + Frame.push(batch).bytes
        // On a connection of its own: the damaged request may have ended this one.
        let again = try await TestConnection.open(to: port, device.member.context) { own async throws in
            try await own.request(.POST, "/push", body, headers: Self.type)
        }
        guard again.frames.flatMap(\.verdicts) == verdicts else { return "another change was taken in" }
        return nil
    }
}

extension Frame {
    fileprivate var verdicts: [VerdictEntry] {
        if case .verdicts(let entries) = self { entries } else { [] }
    }
}

extension Verdict {
    fileprivate var reason: Reason? {
        switch self {
        case .held(let reason), .refused(let reason): reason
        case .accepted, .waiting: nil
        }
    }
}
