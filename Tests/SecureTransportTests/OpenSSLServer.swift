import Cryptography
import Foundation
import Testing

/// `openssl s_server -www`, which demands a client certificate, at a port that the system chooses.
struct OpenSSLServer {
    private let process = Process()
    let port: Int

    init(authority: TestAuthority, folder: TemporaryFolder) async throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = try [
            "openssl", "s_server", "-www", "-tls1_3", "-accept", "127.0.0.1:0",
            "-cert", folder.write("server.pem", authority.server.pem),
            "-key", folder.write("server.key", authority.serverKey.pem),
            "-Verify", "1", "-verify_return_error",
            "-CAfile", folder.write("devices.pem", authority.authority.certificate.pem),
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // It says where it listens: "ACCEPT 127.0.0.1:12345".
        var text = ""
        var found: Int?
        while found == nil {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { break }
            text += String(decoding: data, as: UTF8.self)
            let line = text.split(separator: "\n").dropLast(text.hasSuffix("\n") ? 0 : 1)
                .first { $0.hasPrefix("ACCEPT") }
            found = line.flatMap { $0.split(separator: ":").last }.flatMap { Int($0) }
        }
        port = try #require(found)
    }

    func stop() {
        // Not SIGTERM, which programs started from a test runner may find blocked.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
