package dev.surefoot.core.records;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which producers have an aborted transaction open at the place a cursor has reached. */
final class AbortedProducers {

    private final List<AbortedTransaction> transactions;
    private final Set<Long> open = new HashSet<>();
    private int next;

    AbortedProducers(List<AbortedTransaction> transactions) {
        this.transactions = transactions.stream()
                .sorted(Comparator.comparingLong(AbortedTransaction::firstOffset))
                .toList();
    }

    /** Opens the transactions that start at or before the offset. */
    void advanceTo(long offset) {
        while (next < transactions.size() && transactions.get(next).firstOffset() <= offset) {
            open.add(transactions.get(next).producerId());
            next++;
        }
    }

    boolean contains(long producerId) {
        return !open.isEmpty() && open.contains(producerId);
    }

    /** Closes the producer's transaction: its abort marker has been reached. */
    void close(long producerId) {
        open.remove(producerId);
    }
}
