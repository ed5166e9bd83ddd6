package dev.surefoot.core.records;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The producers that have an aborted transaction open at the offset that a cursor has reached. Owned by its cursor,
 * which calls {@link #advanceTo} for each batch and {@link #close} for each abort marker.
 */
final class AbortedProducers {

    private final List<AbortedTransaction> transactions;
    private final Set<Long> open = new HashSet<>();
    private int next;

    AbortedProducers(List<AbortedTransaction> transactions) {
        this.transactions = transactions.stream()
                .sorted(Comparator.comparingLong(AbortedTransaction::firstOffset))
                .toList();
    }

    /** Opens the transactions whose first offset is at or below {@code offset}. */
    void advanceTo(long offset) {
        while (next < transactions.size() && transactions.get(next).firstOffset() <= offset) {
            open.add(transactions.get(next).producerId());
            next++;
        }
    }

    /** Whether the producer has an aborted transaction open, so that its records are not to be delivered. */
    boolean contains(long producerId) {
        return !open.isEmpty() && open.contains(producerId);
    }

    /** Closes the producer's transaction, when the cursor reaches its abort marker. */
    void close(long producerId) {
        open.remove(producerId);
    }
}
