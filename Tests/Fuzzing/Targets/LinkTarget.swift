import ChangeLog
import SyncProtocol

/// An enrolment link as it comes out of a mail: what can be read is one link, whatever stands around it.
enum LinkTarget {
    static func check(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        if let plain = Base64URL.bytes(text) {
            try promise(Base64URL.text(plain) == text, "base64 in a second form")
        }
        let link: EnrolmentLink
        do {
            link = try EnrolmentLink(text)
        } catch {
            return
        }
        try promise(try EnrolmentLink(link.text) == link, "a link reads back as another")
        try promise(text.contains(link.text), "a link is written in another form than it was read from")
        try promise((1...255).contains(link.address.utf8.count), "an address beyond its bounds")
    }
}
