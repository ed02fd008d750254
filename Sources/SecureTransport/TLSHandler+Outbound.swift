public import NIOCore

// From the pipeline to the socket.
extension TLSHandler {
    public func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let buffer = unwrapOutboundIn(data)
        switch phase {
        case .waiting, .handshaking:
            guard pending.count + buffer.readableBytes <= limits.queuedBeforeHandshake else {
                promise?.fail(TransportError.tooManyBytesQueued)
                // Later writes might fit again, and the peer would see a stream with a hole.
                return fail(.tooManyBytesQueued, context: context)
            }
            pending.append(buffer, promise)
        case .open where !isOutputClosed:
            pending.append(buffer, promise)
            // Bytes that nobody flushes must count for the writability of the channel too.
            if pending.count >= Self.batch {
                pending.flush()
                encryptPending(context: context, thenFlush: false)
            }
        case .open, .closing, .failed, .closed:
            promise?.fail(TransportError.closed)
        }
    }

    public func flush(context: ChannelHandlerContext) {
        pending.flush()
        if phase == .open, !isOutputClosed {
            encryptPending(context: context, thenFlush: true)
        } else {
            context.flush()
        }
    }

    /// The most ciphertext in one write to the channel, roughly, in bytes.
    private static let batch = 256 * 1024

    /// Encrypts what was flushed: small writes share a record, and records share a buffer.
    func encryptPending(context: ChannelHandlerContext, thenFlush: Bool) {
        guard let connection else { return }
        var batch = Batch(handler: self, connection: connection, context: context)
        do {
            while let (buffer, promise) = pending.next() {
                if let promise { batch.promises.append(promise) }
                try batch.add(buffer)
            }
            try batch.send()
            if thenFlush { context.flush() }
        } catch {
            for promise in batch.promises { promise.fail(error) }
            fail(error, context: context)
        }
    }

    /// Writes on their way into the channel, and who wants to know when they have left.
    private struct Batch {
        let handler: TLSHandler
        let connection: TLSConnection
        let context: ChannelHandlerContext
        var record = ByteBuffer()
        var promises: [EventLoopPromise<Void>] = []

        mutating func add(_ buffer: ByteBuffer) throws(TransportError) {
            let isLarge = buffer.readableBytes >= TLSConnection.recordSize
            if isLarge || record.readableBytes + buffer.readableBytes > TLSConnection.recordSize {
                try encryptRecord()
            }
            if isLarge {
                try connection.write(buffer)
            } else if record.readableBytes == 0 {
                // Copied only when another follows that shares the record.
                record = buffer
            } else {
                record.writeImmutableBuffer(buffer)
            }
            if connection.outboundCount >= TLSHandler.batch { try send() }
        }

        private mutating func encryptRecord() throws(TransportError) {
            try connection.write(record)
            record = ByteBuffer()
        }

        /// Hands everything so far to the channel.
        ///
        /// The channel may answer by asking for more writes, which then overtake nothing: all that
        /// was taken from the queue is encrypted by then.
        mutating func send() throws(TransportError) {
            try encryptRecord()
            guard let ciphertext = connection.takeOutbound() else {
                // Only empty buffers: there is nothing that could still be under way.
                for promise in promises { promise.succeed() }
                return promises.removeAll()
            }
            context.write(handler.wrapOutboundOut(ciphertext), promise: merged())
        }

        /// One promise that keeps all of them.
        private mutating func merged() -> EventLoopPromise<Void>? {
            defer { promises.removeAll() }
            guard promises.count > 1 else { return promises.first }
            let first = promises[0]
            for other in promises.dropFirst() { first.futureResult.cascade(to: other) }
            return first
        }
    }
}
