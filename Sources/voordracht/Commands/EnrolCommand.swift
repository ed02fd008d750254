import ArgumentParser
import Foundation
import VoordrachtClient

struct EnrolCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enrol",
        abstract: "Make this machine a device of yours, with the link from your invitation.")

    @Argument(help: "voordracht://enrol/…, or - to read it from standard input.")
    var link: String

    @Option(help: "What you call this device; by default the name of the machine.")
    var device: String?

    @OptionGroup var options: ReplicaOptions

    func run() async throws {
        try await options.reporting {
            let text = link == "-" ? try TextSource.text(inFile: "-") : link
            let voordracht = try await Voordracht.enrol(
                text, at: options.folder, deviceName: device ?? Surroundings.hostName)
            // With the roster and the editions a person can begin at once, also without a network. The
            // device is enrolled whatever comes of it: `status` tells why the exchange failed.
            try await voordracht.sync(in: options.language)
            options.print(try await voordracht.profile())
        }
    }
}
