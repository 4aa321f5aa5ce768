import Edge
import Testing

@testable import lakegate

@Suite("What the machine gives")
struct MachineTests {
    @Test("the limit of memory is looked for in every control group around the process")
    func controlGroups() {
        #expect(
            ControlGroups.memoryLimitFiles("0::/system.slice/lakegate.service\n") == [
                "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/system.slice/memory.max",
                "/sys/fs/cgroup/system.slice/lakegate.service/memory.max",
            ])
        #expect(
            ControlGroups.memoryLimitFiles("5:cpu,cpuacct:/a\n4:memory:/\n\nnonsense") == [
                "/sys/fs/cgroup/memory/memory.limit_in_bytes"
            ])
    }

    @Test("this machine has files and memory, and this process takes some of it")
    func here() throws {
        #expect(Machine.openFiles() > 0)
        let memory = try #require(Machine.memory())
        #expect((1..<memory).contains(ProcessMemory.resident()))
    }

    @Test("files are left for workspaces and the store")
    func connections() {
        #expect(EdgeLimits.connections(openFiles: 65_536) == 32_736)
        #expect(EdgeLimits.connections(openFiles: 256) == 96)
        #expect(EdgeLimits.connections(openFiles: 10) == 1)
    }
}
