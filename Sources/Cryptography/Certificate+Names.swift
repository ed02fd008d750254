import COpenSSL

extension Certificate {
    /// Whether it is for a server that is reached under this DNS name or address (RFC 6125).
    public func names(_ host: String) -> Bool {
        withPointer { pointer in
            X509_check_host(pointer, host, host.utf8.count, 0, nil) == 1
                || X509_check_ip_asc(pointer, host, 0) == 1
        }
    }
}
