public import ChangeLog
import NIOHTTP1
import SyncProtocol

extension ServerConnection: SegmentTransport {
    public func fetch(
        _ segment: ChangeHash, from offset: Int,
        receive: (_ bytes: [UInt8], _ offset: Int) async throws -> Void
    ) async throws -> Bool {
        let request = Connector.Request(
            method: .GET, path: "/segment/\(segment)", contentType: Self.contentType, body: [],
            firstByte: offset)
        var head: Connector.Answer.Head?
        var place = 0
        var refusal = FrameDecoder()
        try await connector.send(request) { answer in
            switch answer {
            case .head(let received):
                head = received
                place = received.status == 206 ? offset : 0
            case .bytes(let bytes):
                if head?.isPart == true {
                    try await receive(bytes, place)
                    place += bytes.count
                } else {
                    refusal.append(bytes)
                }
            }
            return true
        }
        let answered = try connector.answered(head)
        if answered.isPart { return true }
        if answered.status == 404 { return false }
        var reason: Reason?
        if answered.contentType == Self.contentType, case .refusal(let told)? = try refusal.next() {
            reason = told
        }
        if answered.status == 403, let reason { throw ConnectionError(refusal: reason) }
        throw Self.error(answered, reason, at: connector.address)
    }
}

extension Connector.Answer.Head {
    fileprivate var isPart: Bool { status == 200 || status == 206 }
}
