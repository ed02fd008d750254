import ChangeLog
import Merging
import Testing

@Suite("Digests")
struct DigestTests {
    private func disputed() -> Story {
        var story = Story()
        story.write("a", create())
        story.write("b", seeing: 1, write("n", .integer(1)))
        story.write("c", seeing: 1, write("n", .integer(2)))
        return story
    }

    /// Written out by hand from the table: whoever changes the bytes raises the version of the fold.
    /// P-060.
    @Test func theBytesOfARecordAreThoseOfTheTable() {
        let replica = { (letter: Character) in Story.replica(letter).bytes }
        var expected: [UInt8] = [1] + one.bytes
        expected += [1] + replica("a") + [1] + [4] + Array("note".utf8) + [0, 0]
        expected += [0, 0]
        expected += [1, 1, 110, 8] + Array("register".utf8) + [1, 0x12, 4]
        expected += [1, 34] + Array("\(one).n".utf8) + [5] + Array("value".utf8)
        expected += [6] + Array("latest".utf8) + replica("c") + [1] + [0, 0]
        expected += [2]
        expected += replica("b") + [1, 5] + Array("write".utf8) + [0, 0, 0, 0, 0, 0, 0, 101, 1, 0x12, 2]
        expected += replica("c") + [1, 5] + Array("write".utf8) + [0, 0, 0, 0, 0, 0, 0, 102, 1, 0x12, 4]
        #expect(disputed().merged().canonicalBytes == expected)
        #expect(MergedRecord.foldVersion == 1)
    }

    // P-060
    @Test func everythingThatPeopleSeeIsInTheBytes() {
        let base = disputed()
        var all: Set<[UInt8]> = [base.merged().canonicalBytes]
        let edits: [(inout Story) -> Void] = [
            { $0.write("a", .remove(one, settling: [])) },
            { $0.write("a", seeing: 1, .remove(one, settling: [])) },
            { $0.write("a", write("n", .integer(3))) },
            { $0.write("a", write("m", .null)) },
            { $0.write("a", write("m", .null, .quiet)) },
            { $0.write("a", .insert(one, "m", .null)) },
            { $0.write("a", seeing: 1, effective: 7, write("n", .integer(3))) },
            {
                let all = $0.entries.map(\.id)
                $0.write("a", .resolve(one, "n", .register, .value(.integer(2)), settling: all))
            },
        ]
        for edit in edits {
            var story = base
            edit(&story)
            all.insert(story.merged().canonicalBytes)
        }
        #expect(all.count == edits.count + 1)
    }

    // P-052
    @Test func theDigestIsOverIdsAndHashesInOrder() {
        var story = disputed()
        story.write("a", create(two))
        let records = [story.merged(1), story.merged(2)]
        let expected = mixed(
            [0x20] + records.flatMap { $0.id.bytes + mixed($0.canonicalBytes).bytes })
        #expect(AudienceDigest.digest(of: records.reversed(), hash: mixed) == expected)
        #expect(AudienceDigest.digest(of: records.prefix(1), hash: mixed) != expected)
        var workspace = Workspace()
        for entry in story.entries { workspace.insert(entry) }
        #expect(workspace.digest(of: Story.audience, upTo: Position(4), hash: mixed) == expected)
        #expect(workspace.digest(of: Story.audience, upTo: Position(3), hash: mixed) != expected)
        #expect(workspace.audiences == [Story.audience])
    }

    @Test func oneIdInTwoAudiencesIsTwoRecords() {
        var story = disputed()
        story.write("a", write("n", .integer(9)))
        guard var other = story.entries.last else { return }
        other.change.envelope.audience = AudienceID(family: "jury", two)
        var workspace = Workspace()
        for entry in story.entries.dropLast() { workspace.insert(entry) }
        workspace.insert(other)
        #expect(workspace.merged(one, in: Story.audience)?["n"]?.state == .disputed)
        #expect(workspace.merged(one, in: other.change.envelope.audience)?["n"]?.value == .integer(9))
    }
}
