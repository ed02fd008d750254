import ChangeLog

/// Walks all that the server keeps, and says what is wrong and where.
public struct VerifyTask: AdministrationTask {
    public static let name = "verify"

    /// What the walk found; nothing when all is as it must be.
    public struct Report: Codable, Hashable, Sendable {
        /// What is wrong, and at which row.
        public struct Finding: Codable, Hashable, Sendable {
            public let place: String
            public let fault: AuditFault
            public let subject: String
        }

        public let head: UInt64
        public let changes: Int
        public let findings: [Finding]
        public var isSound: Bool { findings.isEmpty }
    }

    /// What others were shown of the tree.
    public let receipts: [ReceiptHead]

    public init(against receipts: [ReceiptHead] = []) { self.receipts = receipts }

    public func perform(in workspace: Workspace) async throws -> Report {
        let report = try await workspace.service.verify(
            against: receipts.compactMap { receipt in receipt.signed.map { (receipt.name, $0) } })
        return Report(
            head: report.head.value, changes: report.changes,
            findings: report.findings.map {
                Report.Finding(place: $0.place, fault: $0.fault, subject: $0.subject)
            })
    }
}
