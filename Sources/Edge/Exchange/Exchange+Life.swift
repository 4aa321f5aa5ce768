import Gate
import Metrics
import NIOCore
import Wire

/// Beginning and end of an exchange.
extension Exchange {
    /// Makes ready for a request; buffers stay where they are.
    func start(for client: any ClientSide, serial: UInt64) {
        self.client = client
        self.serial = serial
        machine = RequestMachine(asker: .program, foreignBearers: .refuse)
        resetRequest()
        resetAnswer()
        startedAt = now
        heardAt = now
        loop.writeRequestID(serial, into: &requestID)
    }

    private func resetRequest() {
        workspace = -1
        isWaiting = false
        held.removeAll(keepingCapacity: true)
        headLength = 0
        bodyIsHeld = true
        method = .get
        methodName = .empty
        path = .empty
        framing = .none
        requestIsComplete = false
        isGRPC = false
        isUpgrade = false
        awaitsInvitation = false
        body = .complete
        uploadPace = Pace()
        bytesIn = 0
        presented = nil
        machineClient = nil
        rule = nil
        dropsCookies = false
        namesHosts = false
        isUnknown = false
        awaitsBody = false
        endsSoon = false
        spentGeneration = 0
    }

    private func resetAnswer() {
        answer = .none
        isHeadOnly = false
        status = 0
        bytesOut = 0
        outcome = .forwarded
        outcomeName = nil
        sentAt = nil
        answeredAt = nil
        stalledSince = nil
        downloadPace = Pace()
    }

    /// Lets go of everything that belongs to one request. Late replies find another serial, or none.
    func forget() {
        leavePlace()
        serial = 0
        client = nil
        upstream = nil
        session = nil
        principal = nil
        permit = nil
        answer = .none
        if held.capacity > 4 * TLSRecord.plaintextLimit { held = [] }
    }

    /// The client is gone, or its time is over: what is under way is left, and recorded.
    func abandon(_ outcome: RequestOutcome) {
        upstream?.abandon()
        upstream = nil
        guard !isAnswered else { return }
        answer = .complete
        self.outcome = outcome
        record()
    }

    /// Ends the answer behind what was passed on so far, without the mark of a proper end.
    func giveUp(_ outcome: RequestOutcome) {
        abandon(outcome)
        client?.cutOff()
    }

    /// Holds everything the client sends until the exchange can go on.
    func wait() {
        isWaiting = true
        client?.pauseRequest()
    }

    /// Takes up what arrived while the exchange waited.
    func goOn() {
        guard !isWaiting else { return }
        client?.resumeRequest()
    }
}
