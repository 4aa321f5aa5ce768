import Synchronization

/// A fixed row of counters that any thread may change without waiting.
///
/// `Array` cannot hold atomics, and one object for each would cost a reference count on every increment, itself an
/// atomic that all threads share. So this class owns raw memory: `@unchecked Sendable` because only atomics lie in it,
/// initialised before the class can be seen and released after the last reference is gone.
final class AtomicCells: @unchecked Sendable {
    private let cells: UnsafeMutableBufferPointer<Atomic<Int>>

    init(count: Int) {
        cells = .allocate(capacity: count)
        for index in 0..<count {
            cells.initializeElement(at: index, to: Atomic(0))
        }
    }

    deinit {
        cells.deinitialize()
        cells.deallocate()
    }

    /// Wraps around instead of trapping. An index outside the row changes nothing.
    func add(_ amount: Int, at index: Int) {
        guard cells.indices.contains(index) else { return }
        cells[index].wrappingAdd(amount, ordering: .relaxed)
    }

    func set(_ value: Int, at index: Int) {
        guard cells.indices.contains(index) else { return }
        cells[index].store(value, ordering: .relaxed)
    }

    /// 0 outside the row.
    func value(at index: Int) -> Int {
        cells.indices.contains(index) ? cells[index].load(ordering: .relaxed) : 0
    }
}
