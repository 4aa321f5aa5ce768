extension Knob {
    static let everyAccount =
        [accounts, accountName, accountCAFile, accountAccountID, accountCloud, accountExchangesTokens]
        + OAuthKnobs.ofAccount.all

    static let accounts = Knob(
        "accounts", "Databricks accounts, or identity providers, where one login opens several workspaces.",
        shape: "a list of accounts", example: "[{name: acme, accountID: …, oauth: {clientID: …}}]", .optional("none"))
    static let accountName = Knob(
        "accounts[].name", "Name in `workspaces[].account`, in logs and metrics.",
        shape: "\(Shape.name), and of no workspace",
        example: "acme", .required)
    static let accountCAFile = Knob(
        "accounts[].caFile", "Extra trust anchors, PEM, for its token endpoint.", shape: Shape.path, example: "ca.pem",
        .optional("the system's trust anchors alone"))
    static let accountAccountID = Knob(
        "accounts[].accountID", "Databricks' id of the account.", shape: "the account's id, without spaces",
        example: "0d26daa6-5e44-4c97-a497-ef015f91254a", .optional("an identity provider: its URLs are under `oauth`"))
    static let accountCloud = Knob(
        "accounts[].cloud", "The cloud whose account console it is in.", shape: "`AWS`, `Azure` or `GCP`",
        example: "Azure", .standard("AWS"))
    static let accountExchangesTokens = Knob(
        "accounts[].exchangeTokens",
        "Whether each workspace is asked for a token of its own in exchange for the account's (RFC 8693), where an identity"
            + " provider's are no good there.",
        shape: Shape.flag, example: "true", .standard("false"))
}
