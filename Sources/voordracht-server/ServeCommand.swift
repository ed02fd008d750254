import ArgumentParser
import Foundation
import ServiceLifecycle
import SyncServer

/// Runs the server until it is told to stop.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the server; prints “listening on https://HOST:PORT” once ready.",
        discussion: """
            Links carry the address under which devices reach the server: that of init, or of --address since. \
            The one of --listen may be another, as behind a NAT or a proxy that passes TCP through. Only its \
            port goes into links, and only where the system chose it (port 0) or where the address in links \
            is of this machine alone, such as 127.0.0.1.
            """)

    @OptionGroup var options: CommonOptions

    @Option(help: "HOST:PORT to listen on, instead of the first address in links; port 0 takes a free one.")
    var listen: NetworkAddress?

    @Option(
        name: .customLong("address"),
        help: """
            HOST:PORT under which new devices reach the server from now on, remembered; devices that are \
            enrolled keep to the one of before. May be given several times, links carry the first.
            """)
    var addresses: [NetworkAddress] = []

    @Option(
        help: """
            HOST:PORT on which the page /metrics is served over plain HTTP, for Prometheus; nowhere unless given. \
            It asks for no certificate: let nobody but this machine reach it, as with 127.0.0.1:9464.
            """)
    var metrics: NetworkAddress?

    @Option(name: .customLong("log"), help: "How the log on standard error is written: json or text.")
    var logForm = LogForm.text

    @Option(help: "The least that is logged: trace, debug, info, notice, warning, error or critical.")
    var logLevel = LogLevel.notice

    /// How long requests that have begun may take once the server is told to stop.
    private static let farewell = Duration.seconds(10)

    func run() async throws {
        try await options.reporting {
            let registry = PrometheusRegistry.ofServer()
            var environment = options.environment
            environment.logger = logForm.logger(logLevel.level)
            environment.metrics = registry
            let workspace = try await options.desk(environment).takeOver(reachedUnder: addresses)
            try await options.settle(workspace) { workspace in
                let address =
                    listen ?? workspace.configuration.addresses.first ?? workspace.configuration.address
                try await serve(workspace, at: address, registry)
            }
        }
    }

    private func serve(
        _ workspace: Workspace, at address: NetworkAddress, _ registry: PrometheusRegistry
    ) async throws {
        let interface = SyncInterface(workspace: workspace, address: address) { address in
            Terminal.write("listening on https://\(address)", to: .standardOutput)
            remark(on: workspace.configuration.address, to: address)
        }
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .init(service: AdministrationSocket(workspace: workspace, catalogue: Domain.tasks)),
            .init(service: interface),
            .init(service: HeapTrimmer(), successTerminationBehavior: .ignore),
        ]
        if let metrics {
            let page = MetricsInterface(workspace: workspace, registry: registry, address: metrics) {
                address in
                let url = "http://\(address)\(MetricsInterface.path)"
                Terminal.write("metrics on \(url)", to: .standardOutput)
            }
            services.append(.init(service: page))
        }
        var configuration = ServiceGroupConfiguration(
            services: services, logger: workspace.environment.logger)
        configuration.maximumGracefulShutdownDuration = Self.farewell
        let group = ServiceGroup(configuration: configuration)
        let signals = StopSignals { await group.triggerGracefulShutdown() }
        defer { withExtendedLifetime(signals) {} }
        try await group.run()
    }

    /// Says so when links seem to lead elsewhere; whoever has a proxy or a NAT may know better.
    private func remark(on link: NetworkAddress, to listened: NetworkAddress) {
        guard !link.leads(to: listened) else { return }
        options.note(
            options.words(
                "Links dragen \(link), en de server luistert op \(listened): geef met --address het adres "
                    + "waaronder apparaten hem bereiken, tenzij het eerste naar het tweede wordt doorgestuurd.",
                "Links carry \(link), and the server listens on \(listened): give the address under which "
                    + "devices reach it with --address, unless the first is forwarded to the second."))
    }
}
