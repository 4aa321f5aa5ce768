/// A person the simulated workspace knows.
public struct DemoUser: Sendable, Hashable {
    /// The SCIM id: a decimal number in Databricks.
    public var id: String
    /// What the person signs in with, an e-mail address.
    public var name: String
    public var displayName: String

    public init(id: String, name: String, displayName: String) {
        self.id = id
        self.name = name
        self.displayName = displayName
    }

    public static let ada = DemoUser(id: "1001", name: "ada@example.com", displayName: "Ada Lovelace")
    public static let grace = DemoUser(id: "1002", name: "grace@example.com", displayName: "Grace Hopper")
}
