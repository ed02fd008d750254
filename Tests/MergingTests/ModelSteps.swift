/// Everything that may happen next, in each of its outcomes.
extension Model {
    func successors(of state: ModelState) -> [ModelState] {
        var next: [ModelState] = []
        for replica in 0..<3 {
            next += forms(state, replica)
            next += pushes(state, replica)
            next += pulls(state, replica)
            next += tray(state, replica)
        }
        next += verdicts(state)
        return next.map(brought)
    }

    /// Nothing that follows depends on when those who write no more pull: they have it at once.
    private func brought(_ state: ModelState) -> ModelState {
        var state = state
        for (replica, person) in state.replicas.enumerated() where person.form == nil {
            guard Int(person.nextIntent) == scenario.intents[replica].count else { continue }
            state.replicas[replica].cursor = UInt8(state.order.count)
            state.replicas[replica].hasGrant = true
        }
        return state
    }

    // MARK: People

    private func forms(_ state: ModelState, _ replica: Int) -> [ModelState] {
        let person = state.replicas[replica]
        guard person.form != nil else {
            guard Int(person.nextIntent) < scenario.intents[replica].count else { return [] }
            var opened = state
            opened.replicas[replica].form = self.form(of: state, replica)
            return scenario.formsMayGoStale ? [opened] : save(opened, replica)
        }
        return save(state, replica)
    }

    private func form(of state: ModelState, _ replica: Int) -> Form {
        let person = state.replicas[replica]
        let isBased = person.hasGrant || fault == .grantBasedOnCursor
        let viewed = state.view(of: replica)
        return Form(
            basePosition: isBased ? person.cursor : 0, baseOwn: state.numbered(replica), viewed: viewed,
            screen: screen(of: state, viewed, at: person, by: replica))
    }

    private func save(_ state: ModelState, _ replica: Int) -> [ModelState] {
        guard var form = state.replicas[replica].form else { return [] }
        let intent = scenario.intents[replica][Int(state.replicas[replica].nextIntent)]
        if fault == .baseAtRecording {
            form.basePosition = state.replicas[replica].cursor
            form.baseOwn = state.numbered(replica)
        }
        var saved = state
        saved.replicas[replica].form = nil
        saved.replicas[replica].nextIntent += 1
        let slot = state.slots(of: replica).lowerBound + Int(state.numbered(replica))
        var change = change(for: intent, form, slot)
        if intent == .group {
            change.half = 1
            var other = change
            other.half = 2
            other.audience = 1
            other.origin = UInt8(slot + 1)
            other.onScreen = 0
            saved.slots[slot + 1] = other
        }
        saved.slots[slot] = change
        return [saved]
    }

    private func change(for intent: Intent, _ form: Form, _ slot: Int) -> ModelChange {
        let screen = form.screen
        var change = ModelChange(
            act: .write, basePosition: form.basePosition, baseOwn: form.baseOwn, origin: UInt8(slot),
            viewed: form.viewed, onScreen: screen.onScreen, wasDisputed: screen.isFieldDisputed)
        // A form of a record that is gone offers nothing but to bring it back.
        if screen.isRemoved || intent == .revive && screen.isRecordDisputed {
            change.act = .restore
            change.settling = screen.isRecordDisputed ? screen.recordSettling : 0
            change.wasDisputed = screen.isRecordDisputed
        } else if intent == .remove {
            change.act = .remove
            change.settling = screen.isRecordDisputed ? screen.recordSettling : 0
            change.wasDisputed = screen.isRecordDisputed
        } else if intent == .resolve, screen.isFieldDisputed {
            change.act = .resolve
            change.kept = screen.shown
            change.keptValue = screen.shownValue
            change.namesKept = !screen.isShownPending || fault == .keepsWhatIsPending
            change.settling = screen.fieldSettling
        }
        return change
    }

    /// What was refused is seen in the tray, and sent again on the view that it was made on.
    private func tray(_ state: ModelState, _ replica: Int) -> [ModelState] {
        var next: [ModelState] = []
        for slot in state.slots(of: replica) {
            guard let change = state.slots[slot], change.status == .tray, change.half != 2 else { continue }
            let members = members(of: change, slot)
            guard change.isTold else {
                var told = state
                for member in members { told.slots[member]?.isTold = true }
                next.append(told)
                continue
            }
            let room = state.slots(of: replica).upperBound
            let first = state.slots(of: replica).lowerBound + Int(state.numbered(replica))
            guard state.retries > 0, first + members.count <= room else { continue }
            var resent = state
            resent.retries -= 1
            for (offset, member) in members.enumerated() {
                var again = resent.slots[member]
                again?.status = .local
                again?.isTold = false
                resent.slots[first + offset] = again
                resent.slots[member]?.status = .resent
            }
            next.append(resent)
        }
        return next
    }

    // MARK: The wire

    /// The oldest change that the server does not know, with the rest of its group.
    private func pushes(_ state: ModelState, _ replica: Int) -> [ModelState] {
        guard let slot = state.slots(of: replica).first(where: { state.slots[$0]?.status == .local }),
            let change = state.slots[slot]
        else { return [] }
        let members = members(of: change, slot)
        var next: [ModelState] = []
        if members.contains(where: { isBlocked(state, $0) }) {
            var waiting = state
            for member in members { waiting.slots[member]?.status = .waiting }
            return [waiting]
        }
        next.append(accept(state, members))
        if state.holds > 0 {
            var held = state
            held.holds -= 1
            for member in members { held.slots[member]?.status = .held }
            next.append(held)
        }
        if state.refusals > 0 {
            var refused = state
            refused.refusals -= 1
            for member in members {
                refused.slots[member]?.status = .tray
                refused.slots[member]?.isTold = !scenario.verdictsMayBeLost
            }
            next.append(refused)
        }
        return next
    }

    /// One position, or a group of them: a cursor never stands inside.
    private func pulls(_ state: ModelState, _ replica: Int) -> [ModelState] {
        var next: [ModelState] = []
        let cursor = Int(state.replicas[replica].cursor)
        if cursor < state.order.count {
            var pulled = state
            let first = state.slots[Int(state.order[cursor])]
            pulled.replicas[replica].cursor += first?.half == 1 ? 2 : 1
            next.append(pulled)
        }
        if !state.replicas[replica].hasGrant {
            var granted = state
            granted.replicas[replica].hasGrant = true
            next.append(granted)
        }
        return next
    }

    // MARK: The secretariat

    private func verdicts(_ state: ModelState) -> [ModelState] {
        var next: [ModelState] = []
        for slot in state.slots.indices {
            guard let change = state.slots[slot], change.status == .held, change.half != 2 else { continue }
            let members = members(of: change, slot)
            let replica = slot / ModelState.slotsPerReplica
            next.append(judgeWaiting(accept(state, members), of: replica))
            var declined = state
            for member in members {
                declined.slots[member]?.status = .tray
                declined.slots[member]?.isTold = !scenario.verdictsMayBeLost
            }
            next.append(judgeWaiting(declined, of: replica))
        }
        return next
    }

    private func judgeWaiting(_ state: ModelState, of replica: Int) -> ModelState {
        var state = state
        for slot in state.slots(of: replica) {
            guard let change = state.slots[slot], change.status == .waiting, change.half != 2
            else { continue }
            let members = members(of: change, slot)
            if !members.contains(where: { isBlocked(state, $0) }) { state = accept(state, members) }
        }
        return state
    }

    /// Whether an earlier change of its replica in its audience is held or waiting.
    private func isBlocked(_ state: ModelState, _ slot: Int) -> Bool {
        let first = slot / ModelState.slotsPerReplica * ModelState.slotsPerReplica
        return (first..<slot).contains { earlier in
            guard let change = state.slots[earlier] else { return false }
            let isOpen = change.status == .held || change.status == .waiting
            return isOpen && change.audience == state.slots[slot]?.audience
        }
    }

    private func accept(_ state: ModelState, _ members: [Int]) -> ModelState {
        var state = state
        for member in members {
            state.order.append(UInt8(member))
            state.slots[member]?.status = .accepted
            state.slots[member]?.position = UInt8(state.order.count)
        }
        return state
    }

    private func members(of change: ModelChange, _ slot: Int) -> [Int] {
        change.half == 1 ? [slot, slot + 1] : [slot]
    }
}
