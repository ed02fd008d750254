import Foundation
import Testing

/// What the fuzzers have kept, checked again without a fuzzer: the inputs that reach most of each decoder,
/// and those that broke one before it was mended.
@Suite struct ReplayTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

    private static func inputs(_ collection: String, of target: FuzzTarget) throws -> [URL] {
        let folder = folder.appending(path: collection).appending(path: target.name)
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .sorted { $0.path < $1.path }
    }

    @Test(arguments: FuzzTarget.all.map(\.name))
    func `every input that a fuzzer kept keeps its promise`(_ name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let corpus = try Self.inputs("corpus", of: target)
        #expect(!corpus.isEmpty, "no corpus of \(name) in \(Self.folder.path)")
        for input in corpus + (try Self.inputs("crashers", of: target)) {
            let bytes = Array(try Data(contentsOf: input))
            #expect(throws: Never.self, "\(input.path)") { try target.check(bytes) }
        }
    }

    @Test(arguments: FuzzTarget.all.map(\.name))
    func `neither does a cut or a changed byte break one`(_ name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        for input in try Self.inputs("corpus", of: target).prefix(100) {
            let bytes = Array(try Data(contentsOf: input).prefix(4096))
            for place in stride(from: 0, to: bytes.count, by: max(bytes.count / 8, 1)) {
                var changed = bytes
                changed[place] ^= 0x80
                for mutant in [changed, Array(bytes[..<place])] {
                    #expect(throws: Never.self, "\(input.path) at \(place)") { try target.check(mutant) }
                }
            }
        }
    }

    @Test func `no folder of inputs is left without a target`() throws {
        let names = Set(FuzzTarget.all.map(\.name))
        for collection in ["corpus", "crashers"] {
            let folder = Self.folder.appending(path: collection)
            guard FileManager.default.fileExists(atPath: folder.path) else { continue }
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                #expect(names.contains(name), "\(collection)/\(name)")
            }
        }
    }
}
