import ChangeLog
import SyncProtocol
import Testing

@Suite struct EnrolmentLinkTests {
    private let link = EnrolmentLink(
        secret: Identifier128(high: 0x0123_4567_89ab_cdef, low: 0xfedc_ba98_7654_3210),
        fingerprint: .zero, address: "[::1]:8443")

    @Test func aLinkReadsBackAlsoFromAMailWithSpaceAround() throws {
        #expect(try EnrolmentLink("  \(link.text)\n") == link)
    }

    // P-019
    @Test func aLinkThatWasCutOrChangedIsRefusedWithARemedy() {
        for cut in 1..<link.text.count - 12 {
            #expect(throws: ProtocolError.self) { try EnrolmentLink(String(link.text.dropLast(cut))) }
        }
        #expect(throws: ProtocolError(.link, "")) { try EnrolmentLink("https://example.org") }
        #expect(throws: ProtocolError(.link, "")) { try EnrolmentLink(link.text + "=") }
    }

    @Test func base64FollowsTheTestVectorsOfRFC4648() {
        let vectors = ["": "", "f": "Zg", "fo": "Zm8", "foo": "Zm9v", "foob": "Zm9vYg", "fooba": "Zm9vYmE"]
        for (plain, coded) in vectors {
            #expect(Base64URL.text(Array(plain.utf8)) == coded)
            #expect(Base64URL.bytes(coded) == Array(plain.utf8))
        }
        #expect(Base64URL.bytes("Zh") == nil, "left-over bits that are not 0")
    }

    @Test func theLongestAddressTravelsWholeAndALongerOneIsNotCut() async throws {
        let longest = String(repeating: "a", count: 250) + ":8443"
        let link = EnrolmentLink(secret: self.link.secret, fingerprint: .zero, address: longest)
        #expect(try EnrolmentLink(link.text).address == longest)
        await #expect(processExitsWith: .failure) {
            _ = EnrolmentLink(
                secret: Identifier128(high: 0, low: 0), fingerprint: .zero,
                address: String(repeating: "a", count: 251) + ":8443")
        }
    }
}
