package dev.surefoot.testkit.simulation.world;

import dev.surefoot.testkit.simulation.check.Ledger;
import dev.surefoot.testkit.simulation.check.Ledger.Transaction;
import dev.surefoot.testkit.simulation.model.LogBatch;
import dev.surefoot.testkit.simulation.model.ModelCluster;
import dev.surefoot.testkit.simulation.model.ModelPartition;
import dev.surefoot.testkit.simulation.model.PartitionLog;
import dev.surefoot.testkit.simulation.schedule.Event;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Performs the acts on logs: writing, transactions, compaction, retention and truncation. */
final class LogActs {
    private static final long MICRO = 1_000L;
    private static final long NO_PRODUCER = -1;

    /** An open transaction in one partition. */
    private record Open(long producerId, Transaction transaction) {}

    private final VirtualTime time;
    private final ModelCluster cluster;
    private final Ledger ledger;
    private final int recordsPerBatch;
    private final Runnable changed;
    private final Map<ModelPartition, Open> open = new HashMap<>();
    private long producers;

    /** @param changed runs when readers may find something new */
    LogActs(VirtualTime time, ModelCluster cluster, Ledger ledger, int recordsPerBatch, Runnable changed) {
        this.time = time;
        this.cluster = cluster;
        this.ledger = ledger;
        this.recordsPerBatch = recordsPerBatch;
        this.changed = changed;
    }

    /** Performs the event; returns whether it had an effect. */
    boolean perform(Event event, ModelPartition partition) {
        PartitionLog log = partition.log();
        switch (event.act()) {
            case WRITTEN -> {
                if (partition.leader() == ModelPartition.NOBODY) {
                    return false;
                }
                fill(partition, (int) event.amount());
            }
            case WRITTEN_IN_TRANSACTION -> {
                if (partition.leader() == ModelPartition.NOBODY) {
                    return false;
                }
                writeInTransaction(partition, (int) event.amount());
            }
            case TRANSACTION_COMMITTED -> {
                return endTransaction(partition, true);
            }
            case TRANSACTION_ABORTED -> {
                return endTransaction(partition, false);
            }
            case COMPACTED -> log.compact(record -> record.writeId() % 3 == event.amount());
            // The first unstable offset of a real log is never below its start.
            case RETENTION -> log.deleteBefore(Math.min(log.startOffset() + event.amount(), log.lastStableOffset()));
            case HIGH_WATERMARK_HELD -> {
                log.holdHighWatermark(true);
                time.at(time.nanos() + event.amount() * MICRO, () -> {
                    log.holdHighWatermark(false);
                    changed.run();
                });
            }
            default -> throw new IllegalArgumentException("nothing that happens to logs: " + event.act());
        }
        return true;
    }

    /** Writes this number of batches. */
    void fill(ModelPartition partition, int batches) {
        for (int i = 0; i < batches; i++) {
            write(partition, NO_PRODUCER, null);
        }
    }

    private void write(ModelPartition partition, long producerId, @Nullable Transaction transaction) {
        long first = cluster.nextWriteIds(recordsPerBatch);
        LogBatch batch = partition
                .log()
                .append(recordsPerBatch, PartitionLog.PAYLOAD_BYTES, partition.leaderEpoch(), producerId, first);
        ledger.written(partition, batch, transaction);
    }

    private void writeInTransaction(ModelPartition partition, int batches) {
        Open transaction = open.computeIfAbsent(partition, begun -> new Open(++producers, ledger.begin()));
        for (int i = 0; i < batches; i++) {
            write(partition, transaction.producerId(), transaction.transaction());
        }
    }

    private boolean endTransaction(ModelPartition partition, boolean commit) {
        Open transaction = open.get(partition);
        if (transaction == null || partition.leader() == ModelPartition.NOBODY) {
            return false;
        }
        open.remove(partition);
        if (partition.log().hasOpenTransaction(transaction.producerId())) {
            if (commit) {
                transaction.transaction().commit();
            }
            partition.log().endTransaction(transaction.producerId(), commit, partition.leaderEpoch());
        }
        return true;
    }

    /** Truncates a log. Transactions that lose their markers are open again, and only {@link #settle} ends them. */
    long truncate(ModelPartition partition, long offset) {
        return partition.log().truncateTo(offset);
    }

    /** Ends every transaction, lets every high watermark catch up, and writes a last record. */
    void settle(ModelPartition partition) {
        partition.log().holdHighWatermark(false);
        open.remove(partition);
        for (long producer : partition.log().openProducers()) {
            partition.log().endTransaction(producer, false, partition.leaderEpoch());
        }
        fill(partition, 1);
    }
}
