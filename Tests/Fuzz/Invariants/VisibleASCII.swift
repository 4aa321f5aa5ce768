/// Whether every byte is printable and none a space, so that the text fits a header field.
func isVisibleASCII(_ bytes: some Sequence<UInt8>) -> Bool {
    bytes.allSatisfy { (0x21...0x7E).contains($0) }
}

func isVisibleASCII(_ text: String) -> Bool {
    isVisibleASCII(text.utf8)
}
