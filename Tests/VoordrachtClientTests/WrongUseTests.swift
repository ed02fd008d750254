import Foundation
import Testing

/// How the program ends when it cannot do what it was asked.
@Suite struct WrongUseTests {
    @Test(arguments: [
        ["set", "only-a-record"], ["unknown"], ["list", "nomination", "--limit", "many"],
        ["resolve", "x"], ["annotate", "Delft"], ["sync", "--watch", "--dry-run"],
    ])
    func wrongUseEndsWithTwo(_ arguments: [String]) async throws {
        let outcome = try await Program("voordracht").run(arguments)
        #expect(outcome.status == 2 && outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("error: ") && outcome.errors.split(separator: "\n").count == 1)
        let json = try await Program("voordracht").run(arguments + ["--json"])
        #expect(json.status == 2)
        #expect(try json.errorDocument()["code"] as? String == "usage.arguments")
    }

    @Test func helpAndVersionAreNoErrors() async throws {
        for arguments in [["--help"], ["help", "sync"], ["set", "--help"], ["--version"]] {
            let outcome = try await Program("voordracht").run(arguments)
            #expect(outcome.status == 0 && !outcome.output.isEmpty && outcome.errors.isEmpty)
        }
    }

    @Test func aFolderWithoutAReplicaIsToldInBothLanguages() async throws {
        let folder = try Scratch()
        let program = try Program("voordracht")
        let english = try await program.run(["status", "--home", folder.path])
        #expect(english.status == 1 && english.errors.contains("Enrol this device"))
        let dutch = try await program.run(
            ["status", "--home", folder.path], environment: ["LANG": "nl_NL.UTF-8"])
        #expect(dutch.status == 1 && dutch.errors.contains("Meld dit apparaat aan"))
        let chosen = try await program.run(
            ["status", "--home", folder.path, "--language", "en"], environment: ["LANG": "nl_NL.UTF-8"])
        #expect(chosen.errors == english.errors)
        let home = try await program.run(["status", "--json"], environment: ["VOORDRACHT_HOME": folder.path])
        #expect(try home.errorDocument()["code"] as? String == "replica.notEnrolled")
    }

    @Test func argumentsThatAreNoUTF8AreRefused() async throws {
        let program = try Program("voordracht").path
        // Through a shell, since Swift's own strings cannot hold such an argument.
        let shell = Program(at: "/bin/sh")
        let outcome = try await shell.run(["-c", "exec '\(program)' search \"$(printf 'caf\\351')\""])
        #expect(outcome.status == 2 && outcome.errors.contains("UTF-8"))
    }

    @Test func aLinkThatWasCutOffIsNoLink() async throws {
        let folder = try Scratch()
        let outcome = try await Program("voordracht")
            .run(["enrol", "-", "--home", folder.path, "--json"], input: "voordracht://enrol/AQ78\n")
        #expect(outcome.status == 1)
        #expect(try outcome.errorDocument()["code"] as? String == "link.malformed")
    }

    @Test func edgesOfEditsHaveTheirOwnWords() async throws {
        let association = try await Association()
        try await association.enrol("anna", roles: ["member"])
        try await association.run("anna", ["nominate", "Delft"])
        for (arguments, status, code) in [
            (["nominate", "Delfft"], 1, "nominee.unknown"),
            (["show", "Nergenshuizen"], 1, "record.unknown"),
            (["show", "ffffff"], 1, "record.unknown"),
            (["set", "Delft", "titel", "x"], 1, "field.unknown"),
            (["set", "Delft", "relation", "x"], 1, "value.malformed"),
            (["set", "Delft", "title", "x", "--base", "99999"], 1, "base.future"),
            (["set", "Delft", "title", "x", "--base", "vandaag"], 2, "view.malformed"),
            (["submit", "Delft"], 1, "submission.noExample"),
            (["edition", "close", "2017"], 1, "audience.forbidden"),
            (["resolve", "0f0f0f0f", "--keep", "c1"], 1, "conflict.unknown"),
            (["tray", "show", "7"], 1, "tray.unknown"),
            (["list", "dingen"], 1, "kind.unknown"),
        ] {
            let outcome = try await association.run(
                "anna", arguments + ["--json"], expecting: Int32(status))
            #expect(try outcome.errorDocument()["code"] as? String == code, "\(arguments) \(outcome.errors)")
        }
    }
}
