import Basics
import Sessions

private let keyring = Keyring.ephemeral(random: RandomSource { Array(repeating: 7, count: $0) })
private let seal = Seal(keyring: keyring)
private let name = RecordName("lakegate:{x}:session")

func brokenEnvelopeRule(_ bytes: [UInt8]) -> String? {
    if let envelope = Envelope(bytes), envelope.bytes != bytes { return "what is read is written" }
    guard opened(bytes, name, 1) == nil else { return "nobody makes a seal by chance" }
    let source = RandomSource { count in Array((bytes + Array(repeating: 1, count: count)).prefix(count)) }
    guard let sealed = try? seal.close(bytes, name: name, generation: 3, random: source) else {
        return "a seal is made"
    }
    guard opened(sealed, name, 3) == bytes else { return "what is sealed is opened" }
    guard opened(sealed, RecordName(name.text + "x"), 3) == nil else { return "another name does not open" }
    guard opened(sealed, name, 4) == nil else { return "another generation does not open" }
    return brokenDamage(bytes, sealed)
}

/// One bit turned over, one byte more, and any part of the record alone: none opens.
private func brokenDamage(_ bytes: [UInt8], _ sealed: [UInt8]) -> String? {
    var turned = sealed
    let place = cut(bytes, salt: 8) % sealed.count
    turned[place] ^= 1 << UInt8(bytes.count % 8)
    guard opened(turned, name, 3) == nil, opened(sealed + [0], name, 3) == nil else { return "damage does not open" }
    let part = Array(sealed.prefix(cut(sealed, salt: 9)))
    return part.count == sealed.count || opened(part, name, 3) == nil ? nil : "a part does not open"
}

private func opened(_ bytes: [UInt8], _ name: RecordName, _ generation: UInt64) -> [UInt8]? {
    try? seal.open(bytes, name: name, generation: generation)
}
