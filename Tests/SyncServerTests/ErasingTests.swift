import ChangeLog
import SyncProtocol
import Testing

@testable import SyncServer

/// What devices say of erasures counts for nothing, whatever the domain lets them write.
@Suite struct ErasingTests {
    // P-170
    @Test func `nobody but the server says that something was erased`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let note = device.record()
        let first = device.change([TestDomain.create(note)])
        let erasure = Erasure(of: first.envelope.id, [ErasureMark(operation: 0, path: [])])
        let said = device.change(erasure.operations(sha256))
        #expect(try await device.push([first, said]).map(\.code) == ["accepted", "roster.server"])
    }

    // P-172
    @Test func `what is said to be left of a change is no contents`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let note = device.record()
        let first = device.change([TestDomain.create(note)])
        var second = device.change([TestDomain.write(note, "signed")])
        let signed = try #require(second.change)
        let commitment = Chain.commitment(of: signed, hash: sha256)
        second.body = .contents(.erased(commitment: commitment), [TestDomain.write(note, "never signed")])
        #expect(try await device.push([first, second]).map(\.code) == ["accepted", "change.withdrawn"])
        #expect(try await server.service.verify().isSound)
    }
}
