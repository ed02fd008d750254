import ChangeLog
import Testing

@testable import SyncProtocol

/// The vectors of PROTOCOL.md, read by this implementation; the client in `Tests/PythonClient` makes them, and
/// reads them too. Good ones come out byte for byte as they went in, bad ones give the code that they name.
@Suite("Vectors: structures")
struct StructureTests {
    /// A structure: its name, and a reader that writes again what it read.
    struct Structure: Sendable, CustomTestStringConvertible {
        let name: String
        let rewritten: @Sendable ([UInt8]) throws -> [UInt8]

        var testDescription: String { name }

        init(_ name: String, _ rewritten: @escaping @Sendable ([UInt8]) throws -> [UInt8]) {
            self.name = name
            self.rewritten = rewritten
        }
    }

    static let structures = [
        Structure("varint") { bytes in
            try whole(bytes) { reader, writer in writer.put(varint: try reader.varint()) }
        },
        Structure("zigzag") { bytes in
            try whole(bytes) { reader, writer in
                writer.put(varint: ZigZag.encode(ZigZag.decode(try reader.varint())))
            }
        },
        Structure("value") { try Value(canonicalBytes: $0).canonicalBytes },
        Structure("contents") { bytes in
            try whole(bytes) { reader, writer in writer.put(contents: try reader.contents()) }
        },
        Structure("envelope") { try Envelope(canonicalBytes: $0).canonicalBytes },
        Structure("change") { try Change(canonicalBytes: $0).canonicalBytes },
        Structure("chain") { try Change(canonicalBytes: $0).canonicalBytes },
        Structure("batch") { BatchWriter.bytes(of: try BatchReader.batch(from: $0)) },
        Structure("frame") { try frame($0).bytes },
    ]

    private static func whole(
        _ bytes: [UInt8], _ body: (inout ByteReader, inout ByteWriter) throws -> Void
    ) throws -> [UInt8] {
        var reader = ByteReader(bytes)
        var writer = ByteWriter()
        try body(&reader, &writer)
        try reader.finish()
        return writer.bytes
    }

    /// One frame with its length, and nothing behind it.
    static func frame(_ bytes: [UInt8]) throws -> Frame {
        var decoder = FrameDecoder()
        decoder.append(bytes)
        let frame = try decoder.next()
        try decoder.finish()
        return try #require(frame)
    }

    // P-001, P-002, P-009, P-024
    @Test(arguments: structures) func goodOnesComeOutAsTheyWentIn(structure: Structure) throws {
        for vector in try VectorFile(structure.name).good {
            let bytes = try vector.bytes()
            #expect(try structure.rewritten(bytes) == bytes, "\(structure.name): \(vector.name)")
        }
    }

    // P-001, P-002, P-004, P-006, P-024, P-061
    @Test(arguments: structures) func badOnesGiveTheCodeThatTheyName(structure: Structure) throws {
        for vector in try VectorFile(structure.name).bad {
            let bytes = try vector.bytes()
            let code = try vector.text("error")
            #expect(
                code == Self.code { _ = try structure.rewritten(bytes) }, "\(structure.name): \(vector.name)")
        }
    }

    /// The code of what is thrown, as PROTOCOL.md names it; nil when nothing is.
    static func code(of body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch let error as ChangeLogError {
            return error.code.rawValue
        } catch let error as ProtocolError {
            return error.code.rawValue
        } catch {
            return "\(error)"
        }
    }
}
