/// What a server says of its cluster in answer to `CLUSTER INFO`.
enum ClusterHealth {
    /// Why not every key is served; `nil` if every one is.
    static func complaint(_ answer: RESPValue) -> String? {
        guard let text = answer.text else { return "the answer makes no sense" }
        let facts = text.split(whereSeparator: \.isNewline)
        guard facts.contains("cluster_state:ok") else { return "the cluster says that it is down" }
        guard facts.contains("cluster_slots_assigned:\(KeySlot.count)"), facts.contains("cluster_slots_fail:0") else {
            return "the cluster has slots without a master"
        }
        return nil
    }
}
