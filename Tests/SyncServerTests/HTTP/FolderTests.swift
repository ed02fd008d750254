import Cryptography
import Foundation
import Testing

@testable import SyncServer

@Suite struct FolderTests {
    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test func `a server's folder and all that is in it belong to its owner alone`() async throws {
        let workspace = try await TestInterface.make()
        #expect(try mode(workspace.folder.path) == 0o700)
        let names = try workspace.folder.names()
        for name in ["authority.key", "authority.pem", "configuration.json", "server.pem", "signing.key"] {
            #expect(names.contains(name))
        }
        for name in names { #expect(try mode(workspace.folder.path(of: name)) == 0o600, "\(name)") }
        await workspace.close()
        try FileManager.default.removeItem(atPath: workspace.folder.path)
    }

    @Test func `a folder in which something stands is left alone`() async throws {
        let path = TestInterface.freshFolder()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: path + "/letter.txt"))
        await #expect(throws: AdministrationError(.folderTaken)) { try await TestInterface.make(at: path) }
        #expect(try DataFolder(path).names() == ["letter.txt"])
        try FileManager.default.removeItem(atPath: path)
    }

    @Test func `a folder without a server is said to be one, and nothing is made in it`() async throws {
        let path = TestInterface.freshFolder()
        await #expect(throws: AdministrationError(.folderMissing)) {
            try await Workspace.open(
                at: path, rules: TestDomain.rules, environment: TestInterface.environment)
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `one process has a folder at a time, and an end of any kind gives it back`() async throws {
        let path = TestInterface.freshFolder()
        var workspace: Workspace? = try await TestInterface.make(at: path)
        let lock = try FolderLock.acquire(in: DataFolder(path))
        #expect(lock == nil)
        await workspace?.close()
        workspace = nil
        let again = try await Workspace.open(
            at: path, rules: TestDomain.rules, environment: TestInterface.environment)
        let opened = try #require(again)
        await opened.close()
        try FileManager.default.removeItem(atPath: path)
    }

    @Test func `a file is replaced whole, and what was left of an interrupted write does no harm`() throws {
        let folder = try DataFolder.create(TestInterface.freshFolder())
        try folder.write("first", to: "note")
        try Data("half".utf8).write(to: URL(fileURLWithPath: folder.path(of: ".note.new")))
        try folder.write("second", to: "note")
        #expect(try folder.readText("note") == "second")
        #expect(try folder.names() == ["note"])
        try FileManager.default.removeItem(atPath: folder.path)
    }

    @Test func `a key or certificate that is damaged or of another server is named`() async throws {
        for name in ["authority.key", "authority.pem", "server.pem", "signing.key", "configuration.json"] {
            let workspace = try await TestInterface.make()
            await workspace.close()
            let folder = workspace.folder
            try folder.write("nonsense", to: name)
            let copy = try await copyWithoutLock(of: folder)
            do {
                _ = try await Workspace.open(
                    at: copy.path, rules: TestDomain.rules, environment: TestInterface.environment)
                Issue.record("\(name) was accepted")
            } catch let error as AdministrationError {
                #expect(error == AdministrationError(.folderDamaged))
                #expect(error.place.hasSuffix(name))
            }
            try FileManager.default.removeItem(atPath: folder.path)
            try FileManager.default.removeItem(atPath: copy.path)
        }
    }

    /// The workspace that made the folder still has its lock.
    private func copyWithoutLock(of folder: DataFolder) async throws -> DataFolder {
        let copy = TestInterface.freshFolder()
        try FileManager.default.copyItem(atPath: folder.path, toPath: copy)
        return DataFolder(copy)
    }

    @Test func `a certificate near its end is renewed, under the same authority`() async throws {
        let made = try await TestInterface.make()
        await made.close()
        let copy = try await copyWithoutLock(of: made.folder)
        var later = TestInterface.environment
        let days = Int64(ServerIdentity.Validity.server - ServerIdentity.Validity.renewal + 1)
        let now = later.nowMilliseconds
        later.nowMilliseconds = { now() + days * 86_400_000 }
        let workspace = try await Workspace.open(at: copy.path, rules: TestDomain.rules, environment: later)
        let opened = try #require(workspace)
        #expect(opened.identity.certificate != made.identity.certificate)
        #expect(opened.identity.authority.certificate == made.identity.authority.certificate)
        #expect(try ServerIdentity.read(from: copy).certificate == opened.identity.certificate)
        await opened.close()
        try FileManager.default.removeItem(atPath: made.folder.path)
        try FileManager.default.removeItem(atPath: copy.path)
    }

    @Test func `a server that moves has a certificate for both addresses`() async throws {
        let made = try await TestInterface.make()
        await made.close()
        let copy = try await copyWithoutLock(of: made.folder)
        let public443 = NetworkAddress(host: "sync.example.org", port: 443)
        let workspace = try await Workspace.open(
            at: copy.path, reachedUnder: [public443], rules: TestDomain.rules,
            environment: TestInterface.environment)
        let moved = try #require(workspace)
        #expect(moved.configuration.address == public443)
        #expect(["sync.example.org", "127.0.0.1"].allSatisfy(moved.identity.certificate.names))
        #expect(moved.identity.authority.certificate == made.identity.authority.certificate)
        await moved.close()
        // What was told once is remembered, and costs no further certificate.
        let again = try await Workspace.open(
            at: try await copyWithoutLock(of: copy).path, rules: TestDomain.rules,
            environment: TestInterface.environment)
        let opened = try #require(again)
        #expect(opened.configuration == moved.configuration)
        #expect(opened.identity.certificate == moved.identity.certificate)
        await opened.close()
        for folder in [made.folder, copy, opened.folder] {
            try FileManager.default.removeItem(atPath: folder.path)
        }
    }
}
