import Basics
import Testing

@testable import JOSE

/// Signatures made elsewhere: the examples of RFC 7515, appendices A.2 and A.3.
@Suite struct SignatureVectorTests {
    private static let payload =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"

    static let modulus =
        "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yR"
        + "T-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS"
        + "-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2et"
        + "hFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
    private static let rsSignature =
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1"
        + "dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12"
        + "jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGl"
        + "UPQGe77Rw"
    static let rsToken = "eyJhbGciOiJSUzI1NiJ9.\(payload).\(rsSignature)"

    private func bytes(_ text: String) throws -> [UInt8] {
        try #require(Base64URL.decode(text))
    }

    @Test func es256() throws {
        let key = try #require(
            VerifyingKey(
                x: try bytes("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                y: try bytes("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")))
        let signature = try bytes(
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")
        try check(key, "eyJhbGciOiJFUzI1NiJ9.\(Self.payload)", signature)
    }

    @Test func rs256() throws {
        let key = try #require(VerifyingKey(modulus: try bytes(Self.modulus), exponent: try bytes("AQAB")))
        let signature = try bytes(Self.rsSignature)
        try check(key, "eyJhbGciOiJSUzI1NiJ9.\(Self.payload)", signature)
    }

    private func check(_ key: VerifyingKey, _ message: String, _ signature: [UInt8]) throws {
        #expect(key.verifies(signature, of: Array(message.utf8)))
        #expect(!key.verifies(signature, of: Array((message + "A").utf8)))
        #expect(!key.verifies([], of: Array(message.utf8)))
        #expect(!key.verifies(signature + [0], of: Array(message.utf8)))
        for index in stride(from: 0, to: signature.count, by: 7) {
            var damaged = signature
            damaged[index] ^= 1
            #expect(!key.verifies(damaged, of: Array(message.utf8)))
        }
    }

    @Test func aKeySignsWhatItsOtherHalfVerifies() throws {
        let key = try #require(SigningKey(number: [UInt8](repeating: 7, count: 32)))
        let verifying = try #require(key.verifying)
        for count in [0, 1, 1000] {
            let message = [UInt8](repeating: 1, count: count)
            let signature = try #require(key.sign(message))
            #expect(signature.count == 64 && verifying.verifies(signature, of: message))
        }
    }

    @Test func whatIsNoKeyIsRefused() {
        let zero = [UInt8](repeating: 0, count: 32), ones = [UInt8](repeating: 255, count: 32)
        #expect(SigningKey(number: zero) == nil && SigningKey(number: ones) == nil && SigningKey(number: [1]) == nil)
        #expect(VerifyingKey(x: zero, y: zero) == nil && VerifyingKey(x: ones, y: ones) == nil)
        #expect(VerifyingKey(x: [UInt8](repeating: 1, count: 32), y: [UInt8](repeating: 2, count: 32)) == nil)
        #expect(VerifyingKey(modulus: [UInt8](repeating: 255, count: 128), exponent: [1, 0, 1]) == nil)
        #expect(VerifyingKey(modulus: [UInt8](repeating: 255, count: 2048), exponent: [1, 0, 1]) == nil)
        #expect(VerifyingKey(modulus: [UInt8](repeating: 255, count: 256), exponent: []) == nil)
    }
}
