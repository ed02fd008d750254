import Foundation
import Testing

@testable import SyncServer

@Suite struct AddressTests {
    @Test func `an address is read as it is written`() throws {
        for text in ["127.0.0.1:8443", "[::1]:0", "voordracht.example.org:443", "a:65535"] {
            #expect(NetworkAddress(text)?.description == text)
            let address = try #require(NetworkAddress(text))
            let again = try JSONDecoder().decode(NetworkAddress.self, from: try JSONEncoder().encode(address))
            #expect(again == address)
        }
        #expect(NetworkAddress("[::1]:0")?.host == "::1")
    }

    @Test(arguments: [
        "", "host", ":8443", "host:", "host:65536", "host:-1", "::1:8443", "ho st:1", "[]:1", "höst:1",
        "host:80/", "https://host:1", "[::1]8443",
    ])
    func `what is no address is not taken for one`(text: String) {
        #expect(NetworkAddress(text) == nil)
    }

    @Test func `links carry the first address, or the port that the system chose`() {
        let addresses = ["example.org:443", "10.0.0.1:8443"].compactMap { NetworkAddress($0) }
        var configuration = WorkspaceConfiguration(addresses: addresses, association: "")
        #expect(configuration.address.description == "example.org:443")
        configuration.takenPort = 5000
        #expect(configuration.address.description == "example.org:5000")
        let bare = WorkspaceConfiguration(addresses: [], association: "")
        #expect(bare.address.description == "127.0.0.1:8443")
    }
}
