import ChangeLog
import Cryptography
import Logging

/// Gives a device a new certificate of the key that it has.
///
/// The connection has proved that the device holds the key, so nothing need be sent. Nothing is kept either:
/// what a device may do stands in the roster, and a lost answer is asked for once more.
struct CertificateRenewal {
    let workspace: Workspace
    let logger: Logger

    private struct Document: Encodable {
        let certificate: String
    }

    func reply(to device: DeviceIdentity) throws -> Reply {
        let certificate = try workspace.identity.authority.issueDevice(
            key: device.publicKey, commonName: device.device.description,
            now: workspace.environment.nowMilliseconds() / 1000,
            validForDays: ServerIdentity.Validity.device)
        LogEntry(action: .renew, object: Reference.text(device.device), result: "ok")
            .write(to: logger, .info, "Renewed the certificate of a device")
        return try .json(Document(certificate: certificate.pem))
    }
}
