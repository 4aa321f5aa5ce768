/// Which of the 16,384 slots of a Redis Cluster a key belongs to.
enum KeySlot {
    static let count = 16_384

    /// Of what stands between the first `{` and the `}` behind it, or of the whole key where nothing does.
    static func of(_ key: [UInt8]) -> Int {
        Int(crc16(tag(of: key))) % count
    }

    private static func tag(of key: [UInt8]) -> ArraySlice<UInt8> {
        guard let open = key.firstIndex(of: UInt8(ascii: "{")) else { return key[...] }
        let tag = key[(open + 1)...].prefix { $0 != UInt8(ascii: "}") }
        return tag.isEmpty || tag.endIndex == key.endIndex ? key[...] : tag
    }

    /// CRC-16/XMODEM: polynomial 0x1021, from 0, nothing reflected.
    static func crc16(_ bytes: some Sequence<UInt8>) -> UInt16 {
        bytes.reduce(0) { crc, byte in
            (0..<8).reduce(crc ^ UInt16(byte) << 8) { crc, _ in
                crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021
            }
        }
    }
}
