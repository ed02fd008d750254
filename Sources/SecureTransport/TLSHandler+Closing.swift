public import NIOCore

// Goodbyes, failures and the end.
extension TLSHandler {
    public func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch (phase, mode) {
        case (.open, .all):
            startClosing(context: context, promise: promise)
        case (.open, .output):
            closeOutput(context: context, promise: promise)
        case (.closing, .all), (.failed, .all):
            add(closePromise: promise)
        case (.waiting, _), (.handshaking, _):
            pending.fail(.closed)
            endPhase()
            context.close(mode: mode, promise: promise)
        case (_, _):
            context.close(mode: mode, promise: promise)
        }
    }

    /// Says goodbye, and closes the channel when the peer has too.
    func startClosing(context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        phase = .closing
        add(closePromise: promise)
        pending.fail(.closed)
        startTimer(limits.closeTimeout, context: context) { handler, context in
            handler.closeNow(context: context)
        }
        sayGoodbye(context: context, promise: nil)
        if phase == .closing, !hasPeerClosed { context.read() }
    }

    /// Only says goodbye: the TCP connection stays whole, for a peer that would take the end of
    /// one half for the end of both.
    private func closeOutput(context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        guard !isOutputClosed else {
            promise?.fail(TransportError.closed)
            return
        }
        pending.fail(.closed)
        sayGoodbye(context: context, promise: promise)
        if hasPeerClosed { startClosing(context: context, promise: nil) }
    }

    private func sayGoodbye(context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        guard !isOutputClosed else { return closeIfDone(context: context) }
        isOutputClosed = true
        connection?.shutdown()
        let sent = sendOutbound(context: context) ?? context.eventLoop.makeSucceededVoidFuture()
        sent.cascade(to: promise)
        sent.assumeIsolated().whenComplete { _ in
            // A goodbye that cannot be sent finds a channel that is closed already.
            self.isGoodbyeSent = true
            self.closeIfDone(context: context)
        }
    }

    /// Closes the channel when both goodbyes were said.
    func closeIfDone(context: ChannelHandlerContext) {
        if phase == .closing, hasPeerClosed, isGoodbyeSent { closeNow(context: context) }
    }

    /// Closes the channel without waiting any longer.
    func closeNow(context: ChannelHandlerContext) {
        guard phase == .closing || phase == .failed else { return }
        endPhase()
        let promise = closePromise
        closePromise = nil
        context.close(promise: promise)
    }

    /// Reports `error`, and closes the channel once the peer has had time to read our alert.
    ///
    /// Closing at once would throw away what the peer still sends, which makes TCP reset the
    /// connection, and the alert might never be read.
    func fail(_ error: TransportError, context: ChannelHandlerContext) {
        guard phase != .failed, phase != .closed else { return }
        phase = .failed
        timer?.cancel()
        let alert = sendOutbound(context: context)
        pending.fail(error)
        context.fireErrorCaught(error)
        guard phase == .failed else { return }
        guard let alert else { return closeNow(context: context) }
        startTimer(limits.closeTimeout, context: context) { handler, context in
            handler.closeNow(context: context)
        }
        alert.assumeIsolated().whenComplete { _ in self.closeHalf(context: context) }
        context.read()
    }

    /// Shows the peer that the alert was the last.
    private func closeHalf(context: ChannelHandlerContext) {
        guard phase == .failed else { return }
        context.close(mode: .output).assumeIsolated().whenFailure { _ in
            self.closeNow(context: context)
        }
    }

    /// The channel is gone, or this handler taken out of it.
    func finish(context: ChannelHandlerContext) {
        endPhase()
        pending.fail(.closed)
        let promise = closePromise
        closePromise = nil
        promise?.succeed()
    }

    private func endPhase() {
        phase = .closed
        timer?.cancel()
        timer = nil
    }

    private func add(closePromise promise: EventLoopPromise<Void>?) {
        guard let closePromise else {
            self.closePromise = promise
            return
        }
        closePromise.futureResult.cascade(to: promise)
    }
}
