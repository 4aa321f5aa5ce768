/// How long things took, for each workspace, in fixed buckets from 0.25 ms to 60 s.
public struct LatencyHistogram: Sendable {
    /// Upper bounds in nanoseconds, and as they are written in the exposition, in seconds.
    static let bounds: [(nanoseconds: Int, text: String)] = [
        (250_000, "0.00025"), (500_000, "0.0005"), (1_000_000, "0.001"), (2_500_000, "0.0025"), (5_000_000, "0.005"),
        (10_000_000, "0.01"), (25_000_000, "0.025"), (50_000_000, "0.05"), (100_000_000, "0.1"),
        (250_000_000, "0.25"), (500_000_000, "0.5"), (1_000_000_000, "1"), (2_500_000_000, "2.5"),
        (5_000_000_000, "5"), (10_000_000_000, "10"), (30_000_000_000, "30"), (60_000_000_000, "60"),
    ]

    private let limits = LatencyHistogram.bounds.map(\.nanoseconds)
    private let cells: AtomicCells
    let workspaces: Int

    /// Cells of a workspace: one for each bound, one for what is longer, the sum in nanoseconds.
    private var width: Int { limits.count + 2 }

    init(workspaces: Int) {
        self.workspaces = workspaces
        cells = AtomicCells(count: workspaces * (LatencyHistogram.bounds.count + 2))
    }

    /// Records one duration. A negative one, from a clock that was set back, counts as zero.
    public func observe(_ workspace: WorkspaceIndex, nanoseconds: Int) {
        guard (0..<workspaces).contains(workspace.value) else { return }
        let nanoseconds = max(0, nanoseconds)
        let start = workspace.value * width
        cells.add(1, at: start + bucket(of: nanoseconds))
        cells.add(nanoseconds, at: start + width - 1)
    }

    private func bucket(of nanoseconds: Int) -> Int {
        var index = 0
        while index < limits.count, nanoseconds > limits[index] { index += 1 }
        return index
    }

    /// How many fell into each bucket alone; the last is for what exceeds every bound.
    func counts(_ workspace: WorkspaceIndex) -> [Int] {
        (0...limits.count).map { cells.value(at: workspace.value * width + $0) }
    }

    func sumOfNanoseconds(_ workspace: WorkspaceIndex) -> Int {
        cells.value(at: workspace.value * width + width - 1)
    }
}
