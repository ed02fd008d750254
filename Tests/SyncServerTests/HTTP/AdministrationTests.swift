import ChangeLog
import Cryptography
import Foundation
import SyncProtocol
import Testing

@testable import SyncServer

@Suite(.timeLimit(.minutes(1))) struct AdministrationTests {
    private func desk(_ folder: String) -> AdministrationDesk {
        AdministrationDesk(at: folder, rules: TestDomain.rules, environment: TestInterface.environment)
    }

    @Test func `tasks are done by the running server, which devices notice at once`() async throws {
        try await TestInterface.run { server async throws in
            let client = try await server.enrolledDevice()
            let desk = desk(server.folder)
            let before = try await desk.perform(DevicesTask())
            #expect(before.map(\.standing) == ["active", "active"])
            #expect(before.compactMap(\.personName) == ["Anna"])
            #expect(before.contains { $0.replicas == [client.device.replica.description] })
            let revoked = try await desk.perform(RevokeTask(device: "laptop", isLost: true))
            #expect(revoked.standing == "lost")
            #expect(revoked.device == "r\(client.device.identity.device)")
            try await TestConnection.open(to: server.port, client.context) { connection async throws in
                #expect(try await connection.request("/pull", client.want()).code == "device.lost")
            }
        }
    }

    @Test func `many administrators at once each get their own answer`() async throws {
        try await TestInterface.run { server async throws in
            for name in ["Anna", "Bas", "Cor"] { _ = try await server.enrolledDevice(name) }
            let desk = desk(server.folder)
            let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await desk.perform(DevicesTask()).count } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(answers == Array(repeating: 4, count: 20))
        }
    }

    @Test func `the same tasks are done without a server`() async throws {
        let path = TestInterface.freshFolder()
        try await makeAndLeave(at: path)
        let report = try await desk(path).perform(VerifyTask())
        #expect(report.isSound)
        #expect(report.head == 2)
        #expect(try await desk(path).perform(DevicesTask()).map(\.name) == ["server"])
        #expect(try await desk(path).perform(HeldTask()).isEmpty)
        try FileManager.default.removeItem(atPath: path)
    }

    /// The workspace goes out of scope here, and with it the lock.
    private func makeAndLeave(at path: String) async throws {
        await (try await TestInterface.make(at: path)).close()
    }

    @Test func `a failure keeps its code and its suggestions on the way from the server`() async throws {
        try await TestInterface.run { server async throws in
            _ = try await server.enrolledDevice("Anna")
            _ = try await server.enrolledDevice("Bas")
            let desk = desk(server.folder)
            do {
                _ = try await desk.perform(RevokeTask(device: "laptop", isLost: false))
                Issue.record("two devices are called so")
            } catch let error as AdministrationError {
                #expect(error == AdministrationError(.recordAmbiguous))
                #expect(error.suggestions.count == 2)
                #expect(error.subject == "laptop")
            }
            await #expect(throws: AdministrationError(.recordUnknown)) {
                try await desk.perform(RevokeTask(device: "server", isLost: true))
            }
        }
    }

    @Test func `a task of a newer program is not known, and the next one is answered`() async throws {
        struct Newer: AdministrationTask {
            static let name = "newer"
            func perform(in workspace: Workspace) async throws -> String { "never" }
        }
        try await TestInterface.run { server async throws in
            let desk = desk(server.folder)
            await #expect(throws: AdministrationError(.taskUnknown)) { try await desk.perform(Newer()) }
            #expect(try await desk.perform(DevicesTask()).count == 1)
        }
    }

    @Test func `a second server is told that there is one`() async throws {
        try await TestInterface.run { server async throws in
            let desk = desk(server.folder)
            await #expect(throws: AdministrationError(.folderBusy)) { try await desk.takeOver() }
        }
    }

    @Test func `what is held is listed, released and declined`() async throws {
        try await TestInterface.run { server async throws in
            let client = try await server.enrolledDevice()
            let (first, second) = (client.device.record(), client.device.record())
            let entries = [first, second].map { record in
                client.device.change([TestDomain.create(record), TestDomain.write(record, "hold")])
            }
            let batch = try client.device.batch(entries)
            _ = try await TestConnection.open(to: server.port, client.context) { connection async throws in
                try await connection.request("/push", [.hello(client.device.hello), .push(batch)])
            }
            let desk = desk(server.folder)
            let held = try await desk.perform(HeldTask())
            #expect(held.map(\.change) == [entries[0].envelope.id.description])
            #expect(held.map(\.personName) == ["Anna"])
            #expect(held.map(\.touches) == [["note", "title"]])
            #expect(held.map(\.waiting) == [1])
            #expect(held.map(\.code) == ["test.held"])
            let id = entries[0].envelope.id.description
            // The number belongs to the id: less of it would be every change of the replica.
            #expect(try await desk.perform(ReleaseTask(change: String(id.prefix(8)))).change == id)
            let next = try await desk.perform(HeldTask())
            #expect(next.map(\.change) == [entries[1].envelope.id.description])
            _ = try await desk.perform(DeclineTask(change: entries[1].envelope.id.description, reason: "No."))
            #expect(try await desk.perform(HeldTask()).isEmpty)
            let declined = try await desk.perform(HeldTask(isDeclined: true))
            #expect(declined.map(\.code) == ["change.declined"] && declined.map(\.change) == [next[0].change])
            await #expect(throws: AdministrationError(.changeUnknown)) {
                try await desk.perform(ReleaseTask(change: "ffffff"))
            }
        }
    }

    @Test func `the port that was taken stands in links, also after the server has stopped`() async throws {
        let workspace = try await TestInterface.make()
        try workspace.listens(onTakenPort: 4321)
        let person = workspace.freshRecord()
        try await workspace.write(
            [.create(person, kind: Roster.person, parent: nil, key: nil)], in: Roster.audience)
        let invitation = try await workspace.service.invite(person: person, validMilliseconds: 1000)
        let link = try EnrolmentLink(workspace.link(for: invitation))
        #expect(link.address == "127.0.0.1:4321")
        #expect(link.secret == invitation.secret)
        #expect(link.fingerprint.bytes == workspace.identity.authority.certificate.fingerprint.bytes)
        #expect(try WorkspaceConfiguration.read(from: workspace.folder).takenPort == 4321)
        await workspace.close()
        try FileManager.default.removeItem(atPath: workspace.folder.path)
    }

    @Test func `a folder of any length has room for the socket`() async throws {
        let deep = TestInterface.freshFolder() + "/" + String(repeating: "long-name/", count: 15) + "server"
        try await TestInterface.run(at: deep) { server async throws in
            #expect(try await desk(server.folder).perform(DevicesTask()).count == 1)
        }
    }
}
