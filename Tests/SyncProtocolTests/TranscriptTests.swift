import Foundation
import SyncProtocol
import Testing

/// Replays the conversations in `Transcripts`: each is a test and documentation at once.
@Suite struct TranscriptTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
        path: "Transcripts")

    static var names: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".txt") }
                .sorted()
        }
    }

    @Test func thereAreTranscripts() throws {
        #expect(try Self.names.count >= 6)
    }

    // P-020, P-021, P-046, P-070
    @Test(arguments: try names)
    func theSessionsAnswerAsWritten(_ name: String) throws {
        let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        let played = try Transcript.replay(text)
        if ProcessInfo.processInfo.environment["REWRITE_TRANSCRIPTS"] == "1" {
            // Commit the difference only if you understand each line of it.
            try played.write(to: Self.folder.appending(path: name), atomically: true, encoding: .utf8)
        }
        #expect(played == text, "\(name): what the sessions did differs from what is written")
    }
}
