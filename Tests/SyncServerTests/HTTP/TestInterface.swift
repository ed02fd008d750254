import ChangeLog
import Cryptography
import Foundation
import Logging
import NIOHTTP1
import SecureTransport
import ServiceLifecycle
import SyncProtocol
import Testing

@testable import SyncServer

/// A whole server on a free port of this machine: TLS, HTTP, administration, in a folder of its own.
struct TestInterface {
    let workspace: Workspace
    let port: Int
    let group: ServiceGroup
    /// Where the page of metrics is served, if it is.
    var metricsPort: Int?

    var folder: String { workspace.folder.path }

    static let environment = ServerEnvironment(
        nowMilliseconds: { Int64(Date().timeIntervalSince1970 * 1000) },
        randomBytes: { RandomBytes.make(count: $0) },
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })

    static func freshFolder() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    }

    static func make(
        at folder: String = freshFolder(), environment: ServerEnvironment = environment
    ) async throws -> Workspace {
        let address = NetworkAddress(host: "127.0.0.1", port: 0)
        return try await Workspace.create(
            at: folder, configuration: WorkspaceConfiguration(addresses: [address], association: "Test"),
            rules: TestDomain.rules, environment: environment)
    }

    /// Runs a server for as long as `body` takes, then shuts it down gracefully.
    static func run<Result: Sendable>(
        at folder: String = freshFolder(), limits: HTTPLimits = HTTPLimits(),
        environment: ServerEnvironment = environment, withMetrics: Bool = false,
        _ body: sending (TestInterface) async throws -> Result
    ) async throws -> Result {
        let registry = PrometheusRegistry.ofServer()
        var environment = environment
        if withMetrics { environment.metrics = registry }
        let workspace = try await make(at: folder, environment: environment)
        let (ports, listening) = AsyncStream<Int>.makeStream()
        let interface = SyncInterface(
            workspace: workspace, address: NetworkAddress(host: "127.0.0.1", port: 0), limits: limits
        ) { address in
            listening.yield(address.port)
        }
        let socket = AdministrationSocket(workspace: workspace, catalogue: TaskCatalogue())
        let (pages, serving) = AsyncStream<Int>.makeStream()
        let page = MetricsInterface(
            workspace: workspace, registry: registry, address: NetworkAddress(host: "127.0.0.1", port: 0)
        ) { address in
            serving.yield(address.port)
        }
        var services: [any Service] = [socket, interface]
        if withMetrics { services.append(page) }
        let group = ServiceGroup(services: services, logger: workspace.environment.logger)
        let running = Task { try await group.run() }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else { throw CancellationError() }
        var server = TestInterface(workspace: workspace, port: port, group: group)
        if withMetrics {
            var pages = pages.makeAsyncIterator()
            server.metricsPort = await pages.next()
        }
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(server))
        } catch {
            result = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await running.value
        await workspace.close()
        try FileManager.default.removeItem(atPath: workspace.folder.path)
        return try result.get()
    }

    /// A person with a device that is enrolled over the network.
    func enrolledDevice(_ name: String = "Anna") async throws -> EnrolledClient {
        let person = try await addPerson(name)
        let invitation = try await workspace.service.invite(person: person, validMilliseconds: 60_000)
        let key = try PrivateKey.generate()
        let bench = try await TestServer()
        let replica = ReplicaID(workspace.freshRecord().bits)
        let enrolment = try EnrolmentDocument(
            secret: invitation.secret, key: key, replica: replica, name: "laptop")
        let answer = try await TestConnection.open(to: port, try anonymous()) { connection in
            try await connection.request(.POST, "/enrol", try enrolment.bytes())
        }
        let document = try JSONDecoder().decode([String: String].self, from: Data(answer.body))
        let certificate = try Certificate(pem: try #require(document["certificate"]))
        let epochText = try #require(document["epoch"])
        let epoch = try #require(Epoch(hex: epochText))
        return EnrolledClient(
            device: TestDevice(server: bench, person: person, key: key, replica: replica, epoch: epoch),
            context: try TLSContext.client(
                authority: workspace.identity.authority.certificate, identity: (certificate, key)),
            document: document)
    }

    func metrics() async throws -> MetricsPage {
        try await MetricsPage.fetch(port: try #require(metricsPort))
    }

    func addPerson(_ name: String) async throws -> RecordID {
        let person = workspace.freshRecord()
        try await workspace.write(
            [
                .create(person, kind: Roster.person, parent: nil, key: nil),
                .write(person, Roster.personName, .decided, .text(name)),
            ], in: Roster.audience)
        return person
    }

    /// A client that has no certificate yet.
    func anonymous() throws -> TLSContext {
        try TLSContext.client(authority: workspace.identity.authority.certificate, identity: nil)
    }
}

/// A device with its certificate.
struct EnrolledClient {
    /// Numbers, chains and signs changes; the server behind it is only its clock.
    let device: TestDevice
    let context: TLSContext
    /// What the server answered to the enrolment.
    let document: [String: String]

    func want(isLive: Bool = false) -> [Frame] {
        [.hello(device.hello), .want(Want(cursor: .origin, isLive: isLive, held: []))]
    }
}

/// What a new device sends.
struct EnrolmentDocument {
    var secret: String
    var request: String
    var replica: String
    var device: String

    init(secret: Identifier128, key: PrivateKey, replica: ReplicaID, name: String) throws {
        self.secret = secret.hex
        request = try CertificateRequest.make(key: key, commonName: "device").pem
        self.replica = replica.description
        device = name
    }

    func bytes() throws -> [UInt8] {
        Array(
            try JSONEncoder().encode(
                ["secret": secret, "request": request, "replica": replica, "device": device]))
    }
}
