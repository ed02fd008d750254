import COpenSSL

/// The agreement on what is spoken over the connection (ALPN, RFC 7301).
///
/// On the wire a list of names, each behind a byte with its length.
extension ContextHandle {
    /// Offers our protocols to a server.
    func offerProtocols() throws(TransportError) {
        let list = protocols.flatMap { [UInt8($0.count)] + $0 }
        guard !list.isEmpty else { return }
        // Unlike its neighbours, this function returns 0 when it succeeded.
        guard SSL_CTX_set_alpn_protos(pointer, list, UInt32(list.count)) == 0 else {
            throw .configuration("offer protocols")
        }
    }

    /// Chooses among the protocols that a client offers; refuses a client without any of ours.
    ///
    /// A client that offers nothing is served as well: it knows nothing of this extension.
    func chooseProtocol() {
        guard !protocols.isEmpty else { return }
        // Unretained: a connection keeps this handle for as long as its context.
        let handle = Unmanaged.passUnretained(self).toOpaque()
        SSL_CTX_set_alpn_select_cb(
            pointer,
            { _, chosen, chosenLength, offered, offeredLength, argument in
                guard let argument else { return SSL_TLSEXT_ERR_NOACK }
                let handle = Unmanaged<ContextHandle>.fromOpaque(argument).takeUnretainedValue()
                let list = UnsafeBufferPointer(start: offered, count: Int(offeredLength))
                guard let range = handle.choice(from: list), let offered else {
                    return SSL_TLSEXT_ERR_ALERT_FATAL
                }
                chosen?.pointee = offered + range.lowerBound
                chosenLength?.pointee = UInt8(range.count)
                return SSL_TLSEXT_ERR_OK
            }, handle)
    }

    private func choice(from list: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        for own in protocols {
            var start = 0
            while start < list.count {
                let name = start + 1..<start + 1 + Int(list[start])
                guard name.upperBound <= list.count else { return nil }
                if list[name].elementsEqual(own) { return name }
                start = name.upperBound
            }
        }
        return nil
    }
}
