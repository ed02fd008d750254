import ArgumentParser
import Foundation
import ServiceLifecycle
import SyncServer

/// Runs the server until it is told to stop.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the server; prints “listening on https://HOST:PORT” once ready.")

    @OptionGroup var options: CommonOptions

    @Option(help: "HOST:PORT to listen on, instead of the address of init; port 0 takes a free one.")
    var listen: NetworkAddress?

    /// How long requests that have begun may take once the server is told to stop.
    private static let farewell = Duration.seconds(10)

    func run() async throws {
        try await options.reporting {
            let workspace = try await options.desk.takeOver()
            try await options.settle(workspace) { workspace in
                let address =
                    listen ?? workspace.configuration.addresses.first ?? workspace.configuration.address
                try await serve(workspace, at: address)
            }
        }
    }

    private func serve(_ workspace: Workspace, at address: NetworkAddress) async throws {
        let interface = SyncInterface(workspace: workspace, address: address) { address in
            Terminal.write("listening on https://\(address)", to: .standardOutput)
        }
        var configuration = ServiceGroupConfiguration(
            services: [
                .init(service: AdministrationSocket(workspace: workspace, catalogue: Domain.tasks)),
                .init(service: interface),
                .init(service: HeapTrimmer(), successTerminationBehavior: .ignore),
            ], logger: workspace.environment.logger)
        configuration.maximumGracefulShutdownDuration = Self.farewell
        let group = ServiceGroup(configuration: configuration)
        let signals = StopSignals { await group.triggerGracefulShutdown() }
        defer { withExtendedLifetime(signals) {} }
        try await group.run()
    }
}
