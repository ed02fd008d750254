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

    @Test(arguments: [
        ("127.0.0.1:8443", "127.0.0.1:9000", true), ("localhost:8443", "0.0.0.0:9000", true),
        ("[::1]:8443", "[::]:9000", true), ("127.0.0.1:8443", "10.0.0.1:9000", false),
        ("sync.example.org:443", "0.0.0.0:8443", false), ("10.0.0.1:443", "10.0.0.1:8443", false),
        ("127.example.org:443", "127.0.0.1:8443", false),
        ("sync.example.org:443", "0.0.0.0:0", true), ("sync.example.org:0", "0.0.0.0:8443", true),
    ])
    func `links carry the port that is listened on only where nothing can stand between`(
        _ link: String, _ listened: String, _ follows: Bool
    ) throws {
        let configuration = WorkspaceConfiguration(
            addresses: [try #require(NetworkAddress(link))], association: "")
        #expect(configuration.followsPort(of: try #require(NetworkAddress(listened))) == follows)
    }

    @Test(arguments: [
        ("sync.example.org:8443", "0.0.0.0:8443", true), ("sync.example.org:443", "0.0.0.0:8443", false),
        ("192.0.2.1:8443", "[::]:8443", true), ("127.0.0.1:8443", "192.0.2.1:8443", false),
        ("localhost:8443", "127.0.0.1:8443", true), ("192.0.2.1:8443", "192.0.2.1:8443", true),
    ])
    func `an address leads to a server as far as can be told`(
        _ link: String, _ listened: String, _ leads: Bool
    ) throws {
        let listened = try #require(NetworkAddress(listened))
        #expect(try #require(NetworkAddress(link)).leads(to: listened) == leads)
    }

    @Test func `a server that moved keeps the addresses of before behind the new ones`() throws {
        let addresses = ["a.example:1", "b.example:2", "c.example:3"].compactMap { NetworkAddress($0) }
        var configuration = WorkspaceConfiguration(addresses: Array(addresses[..<2]), association: "")
        configuration.takenPort = 5
        configuration.move(to: [addresses[2], addresses[1]])
        #expect(configuration.addresses == [addresses[2], addresses[1], addresses[0]])
        #expect(configuration.address == addresses[2])
    }
}
