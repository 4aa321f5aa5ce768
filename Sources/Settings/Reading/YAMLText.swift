import Yams

/// Text to nodes. Its messages name places, and repeat none of the text: the line may hold a password.
enum YAMLText {
    static func mapping(_ text: String) throws(SettingsMistakes) -> Node {
        guard let node = try node(text), !node.isNull else { throw empty() }
        guard case .mapping = node else {
            throw one(node.mark?.line, "is \(node.kind), not a mapping", "write `key: value` lines, like \(example)")
        }
        return node
    }

    private static func node(_ text: String) throws(SettingsMistakes) -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw mistake(error)
        } catch {
            throw one(nil, "is not YAML", "see Config/lakegate.yaml for an example")
        }
    }

    private static func mistake(_ error: YamlError) -> SettingsMistakes {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let reason = context.map { "\($0.text), \(problem)" } ?? problem
            return one(
                mark.line, "is not YAML at column \(mark.column): \(reason)",
                "look at this line and the one before it: indentation (no tabs), a missing colon or quote")
        case .duplicatedKeysInMapping(let keys, _):
            return SettingsMistakes(
                keys.map { key in
                    SettingsMistake(
                        .init(key: UnknownKey.shown(key), line: nil), "stands twice in one mapping",
                        remedy: "keep one of the two; nothing else was checked yet")
                })
        case .reader, .dataCouldNotBeDecoded:
            return one(nil, "has a byte or character that YAML does not allow", "save it as UTF-8 text")
        case .no, .memory, .writer, .emitter, .representer:
            return one(nil, "is not YAML", "see Config/lakegate.yaml for an example")
        }
    }

    private static func empty() -> SettingsMistakes {
        one(nil, "is empty", "start from Config/lakegate.yaml")
    }

    private static let example = "`listen: 0.0.0.0:8443`"

    private static func one(_ line: Int?, _ problem: String, _ remedy: String) -> SettingsMistakes {
        SettingsMistakes([SettingsMistake(.init(key: "", line: line), problem, remedy: remedy)])
    }
}
