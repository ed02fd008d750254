public import NIOCore

// From the socket to the pipeline.
extension TLSHandler {
    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        switch phase {
        case .waiting, .failed, .closed:
            break
        case .open, .closing:
            connection?.receive(buffer)
        case .handshaking:
            bytesBeforeHandshake += buffer.readableBytes
            connection?.receive(buffer)
            continueHandshake(context: context)
            // What a client sends right behind its handshake came in the same buffer, and is no
            // handshake any more: hence the test after the step.
            if phase == .handshaking, bytesBeforeHandshake > limits.bytesBeforeHandshake {
                fail(.tooManyBytesBeforeHandshake, context: context)
            }
        }
    }

    public func channelReadComplete(context: ChannelHandlerContext) {
        switch phase {
        case .waiting:
            context.fireChannelReadComplete()
        case .handshaking, .failed:
            // Until the handshake is over, or the peer gone, reading does not wait for demand.
            context.read()
        case .open:
            deliver(context: context)
        case .closing:
            discard(context: context)
        case .closed:
            break
        }
    }

    public func read(context: ChannelHandlerContext) {
        isReadWanted = true
        if isDelivering { return }
        if phase == .open, !hasPeerClosed, connection?.hasInbound == true {
            deliver(context: context)
        } else {
            context.read()
        }
    }

    public func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else {
            return context.fireUserInboundEventTriggered(event)
        }
        // The peer's half of the TCP connection is closed.
        inputEnded(context: context)
        if phase == .closing || phase == .failed { closeNow(context: context) }
    }

    public func channelInactive(context: ChannelHandlerContext) {
        inputEnded(context: context)
        finish(context: context)
        context.fireChannelInactive()
    }

    /// No more bytes will come: hands on what is left, and reports it if a goodbye is missing.
    private func inputEnded(context: ChannelHandlerContext) {
        if phase == .open { deliver(context: context, regardlessOfDemand: true) }
        if phase == .handshaking {
            fail(.goneDuringHandshake, context: context)
        } else if phase == .open, !hasPeerClosed {
            fail(.truncated, context: context)
        }
    }

    /// Decrypts as much as the pipeline wants to read.
    private func deliver(context: ChannelHandlerContext, regardlessOfDemand: Bool = false) {
        guard !isDelivering, let connection else { return }
        isDelivering = true
        defer { isDelivering = false }
        while phase == .open, !hasPeerClosed {
            guard regardlessOfDemand || isReadWanted || readsAutomatically(context) else { return }
            let plaintext = connection.read(
                upTo: limits.plaintextPerRead, allocator: context.channel.allocator)
            sendOutbound(context: context)
            if plaintext.bytes.readableBytes > 0 {
                isReadWanted = false
                context.fireChannelRead(wrapInboundOut(plaintext.bytes))
                context.fireChannelReadComplete()
            }
            switch plaintext.end {
            case .limited:
                continue
            case .starved:
                // Nothing came of it yet, or the pipeline asked again meanwhile.
                if isReadWanted, phase == .open { context.read() }
                return
            case .closed:
                return peerClosed(context: context)
            case .failed(let error):
                return fail(error, context: context)
            }
        }
    }

    private func readsAutomatically(_ context: ChannelHandlerContext) -> Bool {
        // A channel that does not know the option reads by itself, as the embedded one does.
        (try? context.channel.syncOptions?.getOption(.autoRead)) ?? true
    }

    /// While closing, only the goodbye of the peer still matters.
    private func discard(context: ChannelHandlerContext) {
        guard let connection else { return }
        while phase == .closing {
            let plaintext = connection.read(
                upTo: limits.plaintextPerRead, allocator: context.channel.allocator)
            sendOutbound(context: context)
            switch plaintext.end {
            case .limited: continue
            case .starved: return context.read()
            case .closed:
                hasPeerClosed = true
                return closeIfDone(context: context)
            case .failed: return closeNow(context: context)
            }
        }
    }

    private func peerClosed(context: ChannelHandlerContext) {
        hasPeerClosed = true
        guard phase == .open else { return closeIfDone(context: context) }
        context.fireUserInboundEventTriggered(TLSEvent.closedByPeer)
        guard phase == .open else { return }
        if allowsHalfClosure, !isOutputClosed {
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        } else {
            startClosing(context: context, promise: nil)
        }
    }
}
