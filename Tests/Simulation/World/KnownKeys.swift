import Cryptography

/// Private keys that are no secret: with them the ids of devices are the same in each run.
enum KnownKeys {
    /// - Parameter number: 0 for the server, 1 and on for devices.
    static func key(_ number: Int) throws -> PrivateKey {
        try PrivateKey(pem: "-----BEGIN PRIVATE KEY-----\n\(bodies[number])\n-----END PRIVATE KEY-----\n")
    }

    static var count: Int { bodies.count }

    /// PKCS#8 on P-256, in base64.
    private static let bodies = [
        """
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg4xt95rJZ18CBxp4V
        OcOryTNZ2owOp2HKyCTVYtGz716hRANCAATjV1ATeeYxNuTIIUZMCrAfxj9Aorso
        HUZHS5CvS5TRAElrx5f3ydt6DON+veNgyqqNFyLM/7aLHQFHnA7f4JVy
        """,
        """
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCZ7vDSgQUCYWAEBq
        424M4Tww1lrCe9pmk0bwFJ/exwuhRANCAATm0KbNWkePNevsHXyJaehLca8bgiuQ
        DrSDCxjkT61D+rqLdOw/XChC/GiQuoxKtAGMOkaY5ivoc/CJxUaTerdf
        """,
        """
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgaAtgzNp9laG4QTEl
        o9J4JhH0mHFA6tpiNoAfBJmjymOhRANCAARWHPc/wLkhULR/CXFhSSUPkLm6YsxM
        cT0K3jWit8pnuHmvLkhRzqdpbd+sTPhsBYhLm1XzmP/69nx0kRtqMjjO
        """,
        """
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgZr2419QV0TtuUA4s
        9gqKg8Lr9qc4tciUpYO961cVimWhRANCAAQDUUBk6v79fo707vrZvJEkWmaRK5VL
        wg2+iW/8SsWrvtcq7hAXJZJJlEpcuUaN4K0bXF8OmJvqWHs6t7bpeumO
        """,
        """
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg4zZ6c2eKgUUjjMsg
        fkDE9D6Ohxi21GQvD7C1n2o4RyehRANCAAS+NMIE4iMBw1mnx/BCkJdDcaes0n5B
        a+ES7oCIsadG6OajojTIt3k0yKAa+rhr0AFE778lMo6eJ28+M6F+HZJf
        """,
        """
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgdZuuhlj3AbmAVI67
        t9W9U79ZBfLbuGj2hEV5z6ZHXCmhRANCAATHedrYg+AN9eZh6m52skdyZxUtGfx0
        3pTwWzgd1Kl7gM2Rm7yvA93pTh02TGkA4nSHRQ7xa5GnyjUM2p0QDO96
        """,
        """
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgbRuf3X05Xk5mvVyE
        HohY1k++kR0yYWj63+mDqrOtYcWhRANCAAQYdqdA/CeDlap7RSgU1r7oIZipskq+
        L3RAIjpQiK6gdXp3IQS0oyeIyoEtUu3k3LacBStj2IWMSv6b46kR/MW4
        """,
        """
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgz4kojdKJv6e7wgpz
        6FpMD2MqkPeJAeCX/HrJVonlLl2hRANCAAS/PF0ycLfS1oKuvMKsTyWn3KxQpdxZ
        BYmXtw7+t7Z2FHsQSlU3xoeXwh8vpxEfLgtWvJuesLJQiok3Re1r6ijj
        """,
        """
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgBumH5TZ19gZxoZ0k
        MSq2We9B+wFolrlh6V/Joa8YcNGhRANCAATzBrgbaTMqY7UswTMD+A7mFONaOvrs
        pIG2nJQnKAggyyMywxzO1Ot9FSx4vYTOK+iAEwxUbgYefKpjUrtd5iHk
        """,
    ]
}
