import ChangeLog
import Cryptography
import Merging
import SyncProtocol
import Testing
import TransparencyLog

/// What the vectors say beside their bytes: numbers, hashes, signatures, ids, debug forms and digests.
@Suite("Vectors: meanings")
struct MeaningTests {
    private let hash: HashFunction = { message in
        guard let hash = ChangeHash(bytes: SHA256.hash(message).bytes) else {
            preconditionFailure("SHA-256 has 32 bytes")
        }
        return hash
    }

    @Test func numbers() throws {
        for vector in try VectorFile("varint").good {
            var reader = ByteReader(try vector.bytes())
            #expect(String(try reader.varint()) == (try vector.text("number")))
        }
        for vector in try VectorFile("zigzag").good {
            var reader = ByteReader(try vector.bytes())
            #expect(String(ZigZag.decode(try reader.varint())) == (try vector.text("number")))
        }
    }

    @Test func values() throws {
        for vector in try VectorFile("value").good {
            var reader = ByteReader(try vector.bytes())
            let header = try reader.varint()
            #expect(Int(header & 15) == (try vector.number("tag")))
            #expect(try reader.bytes(Int(header >> 4)) == (try vector.bytes("payload")))
        }
    }

    @Test func envelopes() throws {
        for vector in try VectorFile("envelope").good {
            let envelope = try Envelope(canonicalBytes: try vector.bytes())
            #expect(envelope.id.replica.bytes == (try vector.bytes("replica")), "\(vector.name)")
            #expect("\(envelope.id.number)" == (try vector.text("number")), "\(vector.name)")
            #expect("\(envelope.base.position)" == (try vector.text("position")), "\(vector.name)")
            #expect("\(envelope.base.own)" == (try vector.text("own")), "\(vector.name)")
            #expect("\(envelope.time.value)" == (try vector.text("time")), "\(vector.name)")
            #expect(envelope.audience.name == (try vector.text("audience")), "\(vector.name)")
            #expect("\(envelope.base.epoch)" == (try vector.text("epoch")), "\(vector.name)")
            #expect("\(envelope.schema)" == (try vector.text("schema")), "\(vector.name)")
            let group = envelope.group.map { "\($0.index) of \($0.count)" } ?? "0 of 0"
            #expect(group == (try vector.text("group")), "\(vector.name)")
        }
    }

    // P-010
    @Test func hashesOfChanges() throws {
        for vector in try VectorFile("change").good {
            let change = try Change(canonicalBytes: try vector.bytes())
            let commitment = Chain.commitment(of: change, hash: hash)
            let inner = Chain.inner(change.envelope, commitment: commitment, hash: hash)
            let salt = Chain.salt(of: change, hash: hash)?.bytes ?? []
            #expect(salt == (try vector.bytes("salt")), "\(vector.name)")
            #expect(commitment == (try vector.hash("commitment")), "\(vector.name)")
            #expect(inner == (try vector.hash("inner")), "\(vector.name)")
            #expect(
                Chain.link(previous: .zero, inner: inner, hash: hash) == (try vector.hash("hash")),
                "\(vector.name)")
        }
    }

    // P-010
    @Test func aChain() throws {
        var tip = ChangeHash.zero
        for vector in try VectorFile("chain").good {
            #expect(tip == (try vector.hash("previous")), "\(vector.name)")
            let change = try Change(canonicalBytes: try vector.bytes())
            tip = Chain.hash(of: change, previous: tip, hash: hash)
            #expect(tip == (try vector.hash("hash")), "\(vector.name)")
        }
    }

    // P-011
    @Test func aSignatureCoversItsHashAlone() throws {
        for vector in try VectorFile("signature").good {
            let key = try PublicKey(subjectPublicKeyInfo: try vector.bytes("key"))
            let signed = SignedHead.message(try vector.hash("hash"))
            #expect(key.verify(try vector.bytes(), over: signed), "\(vector.name)")
            #expect(!key.verify(try vector.bytes(), over: SignedHead.message(.zero)), "\(vector.name)")
        }
    }

    // P-007
    @Test func idsOfRecordsWithAKey() throws {
        for vector in try VectorFile("record-id").good {
            let values = try vector.texts("key").map { hex in
                try Value(canonicalBytes: try #require(Hexadecimal.bytes(hex)))
            }
            let kind = try #require(RecordKind(try vector.text("kind")))
            let record = RecordKey(values).record(kind: kind, hash: hash)
            #expect(record.bytes == (try vector.bytes()), "\(vector.name)")
        }
    }

    // P-008
    @Test func checksOfTexts() throws {
        for vector in try VectorFile("text-check").good {
            let changes = try vector.texts("changes").map { try #require(ChangeID($0)) }
            let check = TextCheck(changes)
            #expect(
                Hexadecimal.text(check.value.bigEndianBytes) == (try vector.text("hex")), "\(vector.name)")
        }
    }

    // P-130
    @Test func fingerprints() throws {
        for vector in try VectorFile("fingerprint").good {
            var sum = Fingerprint.zero
            for text in try vector.texts("changes") {
                let parts = text.split(separator: ":").map(String.init)
                let inner = try #require(Hexadecimal.bytes(parts[2]).flatMap { ChangeHash(bytes: $0) })
                sum.add(
                    at: Position(try #require(UInt64(parts[0]))),
                    effective: HybridTime(try #require(UInt64(parts[1], radix: 16))), inner: inner, hash: hash
                )
            }
            #expect(Hexadecimal.text(sum.bytes) == (try vector.text("hex")), "\(vector.name)")
            #expect(Fingerprint(bytes: sum.bytes) == sum, "\(vector.name)")
        }
    }

    // P-019
    @Test func enrolmentLinks() throws {
        let file = try VectorFile("link")
        for vector in file.good {
            let link = try EnrolmentLink(try vector.text("text"))
            #expect(link.text == (try vector.text("text")), "\(vector.name)")
            #expect(link.secret.bytes == (try vector.bytes("secret")), "\(vector.name)")
            #expect(link.fingerprint == (try vector.hash("fingerprint")), "\(vector.name)")
            #expect(link.address == (try vector.text("address")), "\(vector.name)")
        }
        for vector in file.bad {
            let text = try vector.text("text")
            let code = try vector.text("error")
            #expect(code == StructureTests.code { _ = try EnrolmentLink(text) }, "\(vector.name)")
        }
    }

    // P-070
    @Test func debugForms() throws {
        for vector in try VectorFile("frame").good {
            let frame = try StructureTests.frame(try vector.bytes())
            #expect(frame.description == (try vector.text("debug")), "\(vector.name)")
        }
    }

    // P-081
    @Test func leavesOfTheTree() throws {
        for vector in try VectorFile("leaf").good {
            let position = Position(try #require(UInt64(try vector.text("position"))))
            let leaf = ReceiptLeaf(
                received: try #require(Int64(try vector.text("received"))),
                change: try vector.hash("change"),
                verdict: try #require(LoggedVerdict(rawValue: UInt8(try vector.number("verdict")))),
                position: position == .origin ? nil : position)
            #expect(leaf.bytes == (try vector.bytes()), "\(vector.name)")
            #expect(leaf.hash(hash) == (try vector.hash("hash")), "\(vector.name)")
        }
    }

    // P-081, P-082
    @Test func treesAndTheirProofs() throws {
        for vector in try VectorFile("tree").good {
            let leaves = try vector.hashes("leaves")
            var frontier = TreeFrontier()
            let nodes = leaves.flatMap { frontier.append($0, hash: hash) }
            let (size, root) = (UInt64(leaves.count), try vector.hash("hex"))
            #expect(frontier.root(hash: hash) == root, "\(vector.name)")
            for proof in try vector.vectors("inclusion") {
                let index = try proof.number("index")
                let made = InclusionProof(of: UInt64(index), in: size, hash: hash) { nodes[Int($0.ordinal)] }
                #expect(made?.path == (try proof.hashes("path")), "\(vector.name): leaf \(index)")
                #expect(made?.proves(leaves[index], under: root, hash: hash) == true)
            }
            for (kind, holds) in [("consistency", true), ("rewritten", false)] {
                for item in try vector.vectors(kind) {
                    let first = UInt64(try item.number("first"))
                    let proof = ConsistencyProof(first: first, second: size, path: try item.hashes("path"))
                    #expect(
                        proof.proves(try item.hash("root"), in: root, hash: hash) == holds,
                        "\(vector.name): \(kind) \(first)")
                    let made = ConsistencyProof(from: first, to: size, hash: hash) { nodes[Int($0.ordinal)] }
                    #expect(made == proof, "\(vector.name): \(kind) \(first)")
                }
            }
        }
    }

    // P-083
    @Test func signedTreeHeads() throws {
        for vector in try VectorFile("tree-head").good {
            let head = TreeHead(
                epoch: try #require(Epoch(hex: try vector.text("epoch"))),
                size: try #require(UInt64(try vector.text("size"))), root: try vector.hash("root"),
                milliseconds: try #require(Int64(try vector.text("time"))))
            #expect(head.message == (try vector.bytes("message")), "\(vector.name)")
            let key = try PublicKey(subjectPublicKeyInfo: try vector.bytes("key"))
            #expect(key.verify(try vector.bytes(), over: head.message), "\(vector.name)")
        }
    }

    // P-052, P-060
    @Test func foldsAndTheirDigests() throws {
        for vector in try VectorFile("fold").good {
            var workspace = Workspace()
            for entry in try vector.vectors("changes") {
                let change = try Change(canonicalBytes: try entry.bytes())
                let position = Position(try #require(UInt64(try entry.text("position"))))
                let effective = HybridTime(try #require(UInt64(try entry.text("effective"))))
                workspace.insert(LogEntry(change, .accepted(position, effective: effective)))
            }
            let audience = try #require(workspace.audiences.first)
            for expected in try vector.vectors("records") {
                let record = try #require(RecordID(hex: try expected.text("record")))
                let merged = workspace.merged(record, in: audience)
                #expect(merged?.canonicalBytes == (try expected.bytes()), "\(vector.name): \(record)")
            }
            let digest = workspace.digest(of: audience, upTo: Position(1 << 20), hash: hash)
            #expect(digest == (try vector.hash("digest")), "\(vector.name)")
        }
    }
}
