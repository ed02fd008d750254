import Cryptography
import Testing

@Suite struct SealedStreamTests {
    private let passphrase = Array("een zin die niemand raadt".utf8)
    private let cheap = PassphraseCost(logarithm: 4, blocks: 1, lanes: 1)

    private func sealed(_ segments: [[UInt8]]) throws -> (header: [UInt8], segments: [[UInt8]]) {
        var sealer = try StreamSealer(
            passphrase: passphrase, cost: cheap, randomBytes: { RandomBytes.make(count: $0) })
        var sealed: [[UInt8]] = []
        for (index, segment) in segments.enumerated() {
            sealed.append(try sealer.seal(segment, isLast: index == segments.count - 1))
        }
        return (sealer.header, sealed)
    }

    private func opened(_ header: [UInt8], _ segments: [[UInt8]]) throws -> [[UInt8]] {
        var opener = try StreamOpener(header: header, passphrase: passphrase)
        var opened: [[UInt8]] = []
        for (index, segment) in segments.enumerated() {
            opened.append(try opener.open(segment, isLast: index == segments.count - 1))
        }
        return opened
    }

    @Test func whatIsSealedIsOpenedAndTellsNothingBefore() throws {
        let segments = [Array("een".utf8), [], Array("twee twee twee".utf8)]
        let (header, sealed) = try sealed(segments)
        #expect(header.count == SealedStream.headerBytes)
        #expect(try opened(header, sealed) == segments)
        #expect(zip(sealed, segments).allSatisfy { $0.count == $1.count + SealedStream.tagBytes })
        let (other, again) = try self.sealed(segments)
        #expect(other != header && again != sealed, "each stream has a key of its own")
    }

    @Test func anotherPassphraseIsToldApartFromAnAlteredFile() throws {
        let (header, sealed) = try sealed([[1, 2, 3]])
        #expect(throws: CryptographyError.self) {
            try StreamOpener(header: header, passphrase: Array("een andere zin".utf8))
        }
        do {
            _ = try StreamOpener(header: header, passphrase: Array("een andere zin".utf8))
        } catch { #expect(error.code == .wrongPassphrase) }
        for index in sealed[0].indices {
            var altered = sealed
            altered[0][index] ^= 1
            do {
                _ = try opened(header, altered)
                Issue.record("byte \(index) was altered unseen")
            } catch let error as CryptographyError { #expect(error.code == .altered) }
        }
        for index in header.indices {
            var altered = header
            altered[index] ^= 1
            #expect(throws: CryptographyError.self) { try opened(altered, sealed) }
        }
    }

    @Test func segmentsThatAreMissingOrMovedAreFound() throws {
        let (header, sealed) = try sealed([[1], [2], [3]])
        let wrong: [[[UInt8]]] = [
            [sealed[0], sealed[1]], [sealed[0]], [sealed[1], sealed[0], sealed[2]], [sealed[1], sealed[2]],
            sealed + [sealed[2]], [[]],
        ]
        for segments in wrong { #expect(throws: CryptographyError.self) { try opened(header, segments) } }
    }

    @Test func whatAsksForMoreThanIsBearableIsRefused() throws {
        var (header, _) = try sealed([[1]])
        header[SealedStream.headerBytes - SealedStream.tagBytes - 3] = 40
        #expect(throws: CryptographyError.self) { try StreamOpener(header: header, passphrase: passphrase) }
    }
}
