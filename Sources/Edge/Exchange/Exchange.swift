import Gate
import Metrics
import NIOCore
import Sessions
import Wire

/// One request and its answer, from the head to the last byte, whatever protocol either side speaks.
///
/// The parts are in extensions: taking in the request (`+Request`), who is asking (`+Identity`, `+Sessions`), the way to
/// the workspace (`+Forwarding`), the answer (`+Answer`), what Lakegate serves itself (`+Local`), time limits (`+Times`)
/// and the record of it all (`+Record`). It is taken from its loop and given back, not made anew for each request, so
/// that an idle connection holds none.
final class Exchange {
    let loop: EdgeLoop
    /// Names this exchange among all of its loop, so that a late reply for an earlier one is recognised.
    var serial: UInt64 = 0
    var client: (any ClientSide)?
    var upstream: (any UpstreamSide)?
    var requestID: [UInt8] = []
    var machine = RequestMachine(asker: .program, foreignBearers: .refuse)
    /// Where the request belongs, as an index into the site's workspaces; -1 as long as that is not known.
    var workspace = -1
    /// Whether it waits: a session is being looked up, or a connection made.
    var isWaiting = false

    /// The head as HTTP/1.1 has it, then the body for as long as it fits: what is sent again on a retry.
    var held: [UInt8] = []
    var headLength = 0
    var bodyIsHeld = true
    var method = HTTPMethod.get
    var methodName = Slice.empty
    var path = Slice.empty
    var framing = RequestFraming.none
    var requestIsComplete = false
    var isGRPC = false
    /// A WebSocket is asked for.
    var isUpgrade = false
    /// The client holds its body back until it is told to send it (RFC 9110, section 10.1.1).
    var awaitsInvitation = false
    /// Whether it takes one of the places for requests to its workspace.
    var hasPlace = false
    /// How much of the body is still to come, where the protocol leaves the counting to us (HTTP/1.1). Kept here and not
    /// with the connection, which holds it while idle, too.
    var body = RequestBody.complete
    var bytesIn: UInt64 = 0

    var presented: PresentedToken?
    var presentedKind = KeyKind.browser
    var session: LiveSession?
    /// The session ends so soon that the answer says when.
    var endsSoon = false
    /// The generation whose access token is of no more use.
    var spentGeneration: UInt64 = 0
    /// The machine client that asks, by its place in the workspace's list.
    var machineClient: Int?
    var principal: LivePrincipal?
    /// The store has no session of this name.
    var isUnknown = false
    /// The rule that chose whose credential the workspace sees.
    var rule: Int?
    /// The rules look at the body, which is not all here yet.
    var awaitsBody = false
    /// Cookies of the workspace go on in neither direction.
    var dropsCookies = false
    /// The answer may name hosts that are replaced.
    var namesHosts = false
    /// What allows the request to be forwarded, while it waits for a connection.
    var permit: Permit?

    var answer = AnswerProgress.none
    /// Nothing follows the head of the answer, not even an empty body (HTTP/2).
    var isHeadOnly = false
    var status = 0
    var bytesOut: UInt64 = 0
    var outcome = RequestOutcome.forwarded
    var outcomeName: String?

    var startedAt = NIODeadline.now()
    var sentAt: NIODeadline?
    var answeredAt: NIODeadline?
    /// When either side was last heard of.
    var heardAt = NIODeadline.now()
    /// Since when the client has taken nothing of what waits for it; `nil` while nothing waits.
    var stalledSince: NIODeadline?
    /// What it had taken by then.
    var takenBefore: UInt64 = 0
    var uploadPace = Pace()
    var downloadPace = Pace()

    init(loop: EdgeLoop) {
        self.loop = loop
    }

    var now: NIODeadline { loop.now }

    /// Whether the final head of an answer, or a judgement of it, is here.
    var hasAnswer: Bool {
        if case .none = answer { false } else { true }
    }

    var isAnswered: Bool {
        if case .complete = answer { true } else { false }
    }

    var replayability: Replayability {
        Replayability(bodyIsHeld: bodyIsHeld, isIdempotent: method.isIdempotent)
    }
}

/// How far the answer has got.
enum AnswerProgress {
    case none
    /// Held back: head as received, beginning of the decoded body.
    case judging(head: [UInt8], body: [UInt8])
    /// The same, until all of the body is here, so that hosts in it can be replaced.
    case replacing(head: [UInt8], body: [UInt8])
    /// The head is on its way to the client.
    case begun
    case complete
}
