import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// What the machine, or the container, gives to this process.
enum Machine {
    /// How many files the process may have open.
    static func openFiles() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        return Int(clamping: limit.rlim_cur)
    }

    /// Takes more files, as far as the system lets the process. The ordinary limit is for programs that use `select`.
    static func raiseOpenFiles(to most: UInt = 65_536) {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < most else { return }
        limit.rlim_cur = min(most, limit.rlim_max)
        setrlimit(resource, &limit)
    }

    /// Bytes of memory: the smallest limit of its control groups, or what there is.
    static func memory() -> Int? {
        let groups = text("/proc/self/cgroup").map(ControlGroups.memoryLimitFiles) ?? []
        let limits = groups.compactMap { text($0).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) } }
        let present = text("/proc/meminfo").flatMap(memoryPresent)
        return (limits + (present.map { [$0] } ?? [])).min()
    }

    private static func text(_ path: String) -> String? {
        try? String(contentsOfFile: path, encoding: .utf8)
    }

    /// Out of a line as `MemTotal:       16384000 kB`.
    private static func memoryPresent(_ text: String) -> Int? {
        let line = text.split(separator: "\n").first { $0.hasPrefix("MemTotal:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
    }
}

/// The control groups that a process is in.
enum ControlGroups {
    /// Where the limits of memory stand, by the text of `/proc/self/cgroup`: those of each group and of what is around it.
    static func memoryLimitFiles(_ text: String) -> [String] {
        text.split(separator: "\n").flatMap { line -> [String] in
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return [] }
            if parts[0] == "0" { return files("/sys/fs/cgroup", parts[2], "memory.max") }
            guard parts[1].split(separator: ",").contains("memory") else { return [] }
            return files("/sys/fs/cgroup/memory", parts[2], "memory.limit_in_bytes")
        }
    }

    private static func files(_ root: String, _ group: Substring, _ name: String) -> [String] {
        let folders = group.split(separator: "/")
        return (0...folders.count).map { count in
            ([root] + folders.prefix(count).map(String.init) + [name]).joined(separator: "/")
        }
    }
}
