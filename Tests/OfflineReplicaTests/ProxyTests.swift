import Testing

@testable import OfflineReplica

/// Which proxy leads to a server.
@Suite struct ProxyTests {
    private func chosen(_ address: String, _ environment: [String: String]) throws -> String? {
        let address = try #require(ServerAddress(address))
        return try Proxy.chosen(for: address, in: environment)?.description
    }

    @Test func theEnvironmentNamesItInSmallLettersFirst() throws {
        #expect(try chosen("sync.example.nl:8443", [:]) == nil)
        #expect(try chosen("sync.example.nl:8443", ["HTTPS_PROXY": ""]) == nil)
        #expect(try chosen("sync.example.nl:8443", ["HTTPS_PROXY": "http://one:3128"]) == "one:3128")
        let both = ["HTTPS_PROXY": "http://one:3128", "https_proxy": "two:8080/"]
        #expect(try chosen("sync.example.nl:8443", both) == "two:8080")
        #expect(try chosen("sync.example.nl:8443", ["HTTP_PROXY": "http://one:3128"]) == nil)
    }

    @Test(arguments: [
        ("http://proxy.example.nl", "proxy.example.nl:80"), ("HTTP://[::1]:3128/", "[::1]:3128"),
        ("[::1]", "[::1]:80"), ("10.0.0.1:3128", "10.0.0.1:3128"),
    ])
    func itsFormsAreRead(_ text: String, _ shown: String) {
        #expect(Proxy(text)?.description == shown)
    }

    @Test(arguments: [
        "socks5://one:1080", "https://one:443", "http://", "one:0", "one:port", "http://one:1/path", "a b:1",
    ])
    func whatIsNoneIsTold(_ text: String) throws {
        #expect(throws: ConnectionError(.proxyMalformed, "")) {
            try chosen("sync.example.nl:8443", ["https_proxy": text])
        }
    }

    @Test func aLoginIsSentAndNotShown() throws {
        let proxy = try #require(Proxy("http://anna:p%40ss@one:3128"))
        #expect(proxy.description == "one:3128")
        #expect(proxy.authorization == "Basic YW5uYTpwQHNz")
    }

    @Test(arguments: [
        ("*", true), ("sync.example.nl", true), ("example.nl", true), (".example.nl", true),
        ("other.nl, EXAMPLE.NL", true), ("sync.example.nl:8443", true), ("sync.example.nl:443", false),
        ("ample.nl", false), ("example.nl.org", false), ("", false),
    ])
    func exceptionsAreReachedWithoutIt(_ list: String, _ isExcepted: Bool) throws {
        for name in ["no_proxy", "NO_PROXY"] {
            let proxy = try chosen("sync.example.nl:8443", ["https_proxy": "one:3128", name: list])
            #expect((proxy == nil) == isExcepted)
        }
    }
}
