/// A counter for each workspace and each outcome.
public struct WorkspaceCounters<Outcome: MetricLabel>: Sendable {
    private let cells: AtomicCells
    let workspaces: Int

    init(workspaces: Int) {
        self.workspaces = workspaces
        cells = AtomicCells(count: workspaces * Outcome.allCases.count)
    }

    /// Counts one. A workspace that does not exist is not counted.
    public func increment(_ workspace: WorkspaceIndex, _ outcome: Outcome) {
        guard (0..<workspaces).contains(workspace.value) else { return }
        cells.add(1, at: workspace.value * Outcome.allCases.count + outcome.rawValue)
    }

    public func value(_ workspace: WorkspaceIndex, _ outcome: Outcome) -> Int {
        cells.value(at: workspace.value * Outcome.allCases.count + outcome.rawValue)
    }
}

/// A counter for each value of one label.
public struct Counters<Label: MetricLabel>: Sendable {
    private let cells = AtomicCells(count: Label.allCases.count)

    public func increment(_ label: Label) {
        cells.add(1, at: label.rawValue)
    }

    public func value(_ label: Label) -> Int {
        cells.value(at: label.rawValue)
    }
}

/// A number that rises and falls, for each value of one label.
public struct Gauges<Label: MetricLabel>: Sendable {
    private let cells = AtomicCells(count: Label.allCases.count)

    public func increment(_ label: Label) {
        cells.add(1, at: label.rawValue)
    }

    public func decrement(_ label: Label) {
        cells.add(-1, at: label.rawValue)
    }

    public func value(_ label: Label) -> Int {
        cells.value(at: label.rawValue)
    }
}

/// A number that rises and falls.
public struct Gauge: Sendable {
    private let cells = AtomicCells(count: 1)

    public func set(_ value: Int) {
        cells.set(value, at: 0)
    }

    public func add(_ amount: Int) {
        cells.add(amount, at: 0)
    }

    public var value: Int {
        cells.value(at: 0)
    }
}

/// A workspace by its position in the settings.
public struct WorkspaceIndex: Sendable, Hashable {
    let value: Int

    /// The workspace at a position of `Settings.workspaces`, from 0.
    public init(_ position: Int) {
        value = position + 1
    }

    private init(value: Int) {
        self.value = value
    }

    /// For requests that named no workspace we know; `-` in the exposition, which no workspace can be called.
    public static let unknown = WorkspaceIndex(value: 0)
}
