import Gate
import Metrics
import NIOCore
import Sessions
import Wire

/// One request and its answer, from the first byte of the head to the last of the answer. Lives inside its client
/// connection and is reset, not made anew, for the next request.
struct Exchange: ~Copyable {
    /// Names this exchange among all of its loop, so that a late reply for an earlier one is recognised.
    var serial: UInt64 = 0
    var requestID: [UInt8] = []
    var machine = RequestMachine(asker: .program, foreignBearers: .refuse)
    /// Where the request belongs, as an index into the site's workspaces; -1 as long as that is not known.
    var workspace = -1

    /// The head as received, then the decoded body for as long as it fits: what is sent again on a retry.
    var held: [UInt8] = []
    var headLength = 0
    var bodyIsHeld = true
    var method = HTTPMethod.get
    var methodName = Slice.empty
    var path = Slice.empty
    var framing = RequestFraming.none
    var body = RequestBody.complete
    var keepsAlive = false
    var isHTTP10 = false
    var bytesIn: UInt64 = 0

    var presented: PresentedToken?
    var presentedKind = KeyKind.browser
    var session: LiveSession?
    /// The generation whose access token is of no more use.
    var spentGeneration: UInt64 = 0

    /// What allows the request to be forwarded, while it waits for a connection.
    var permit: Permit?
    var upstream: UpstreamConnection?

    var answer = AnswerProgress.none
    var answerFrames = AnswerFrames.asItComes
    var status = 0
    var bytesOut: UInt64 = 0
    var outcome = RequestOutcome.forwarded
    var outcomeName: String?

    var startedAt = NIODeadline.now()
    var sentAt: NIODeadline?
    var answeredAt: NIODeadline?

    /// Makes room for the next request; buffers stay where they are.
    mutating func reset(serial: UInt64, machine: RequestMachine, at now: NIODeadline) {
        self.serial = serial
        self.machine = machine
        workspace = -1
        headLength = 0
        method = .get
        methodName = .empty
        path = .empty
        framing = .none
        keepsAlive = false
        isHTTP10 = false
        bodyIsHeld = true
        body = .complete
        bytesIn = 0
        presented = nil
        session = nil
        spentGeneration = 0
        permit = nil
        upstream = nil
        answer = .none
        answerFrames = .asItComes
        status = 0
        bytesOut = 0
        outcome = .forwarded
        outcomeName = nil
        startedAt = now
        sentAt = nil
        answeredAt = nil
    }

    var replayability: Replayability {
        Replayability(bodyIsHeld: bodyIsHeld, isIdempotent: method.isIdempotent)
    }
}

/// How far the body of a request has been read.
enum RequestBody {
    case length(BodyMeter)
    case chunked(ChunkedDecoder)
    case complete

    var isComplete: Bool {
        if case .complete = self { true } else { false }
    }
}

/// How far the answer has got.
enum AnswerProgress {
    case none
    /// Held back: head as received, beginning of the decoded body.
    case judging(head: [UInt8], body: [UInt8])
    /// The head is on its way to the client.
    case begun
    case complete
}

/// How the client learns where the answer's body ends.
enum AnswerFrames {
    /// By the length in the head, or there is no body.
    case asItComes
    case chunks
    /// By the end of the connection (HTTP/1.0).
    case untilClose

    init(_ framing: ResponseFraming) {
        switch framing {
        case .none, .length: self = .asItComes
        case .chunked: self = .chunks
        case .untilClose: self = .untilClose
        }
    }
}
