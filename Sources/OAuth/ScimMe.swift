import Basics

/// Whom a bearer token belongs to, as SCIM Me tells (RFC 7644, section 3.11).
public struct ScimMe: Sendable, Equatable {
    public let id: String
    public let userName: String
    /// The user name when there is no display name.
    public let displayName: String
    public let isActive: Bool
    /// All that the answer lists, whether the person is in them directly or through another.
    public let groups: GroupNames

    /// `nil` when the answer does not say who this is.
    public static func parse(_ body: [UInt8]) -> ScimMe? {
        guard let document = BoundedJSON.decode(Document.self, from: body, longest: 1024 * 1024),
            let id = name(document.id), let userName = name(document.userName)
        else { return nil }
        return ScimMe(
            id: id, userName: userName, displayName: name(document.displayName) ?? userName,
            isActive: document.active ?? true,
            groups: document.groups?.names.map { GroupNames($0) } ?? .unknown)
    }

    /// Shorter than a line, and without anything that could start a new one in a log.
    private static func name(_ text: String?) -> String? {
        guard let text, !text.isEmpty, text.utf8.count <= 512 else { return nil }
        return text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } ? text : nil
    }

    private struct Document: Decodable {
        var id: String?
        var userName: String?
        var displayName: String?
        var active: Bool?
        var groups: Groups?
    }

    /// Without names where one of them has none: a part is not the whole.
    private struct Groups: Decodable {
        let names: [String]?

        init(from decoder: any Decoder) throws {
            names = try? [Group](from: decoder).map(\.display)
        }
    }

    private struct Group: Decodable {
        var display: String
    }
}
