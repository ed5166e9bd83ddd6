package dev.surefoot.testkit.simulation.check;

import dev.surefoot.testkit.simulation.model.LogBatch;
import dev.surefoot.testkit.simulation.model.LogBatch.LogRecord;
import dev.surefoot.testkit.simulation.model.ModelPartition;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Every record that was ever written, and the outcome of its transaction. Used by the simulation's thread. */
public final class Ledger {

    /** A transaction and its outcome. One object stands for all records without a transaction. */
    public static final class Transaction {
        static final Transaction NONE = new Transaction(true);

        private boolean committed;

        private Transaction(boolean committed) {
            this.committed = committed;
        }

        /** Whether a reader under {@code read_committed} may have seen its records. */
        public boolean isCommitted() {
            return committed;
        }

        /** Notes that the transaction was committed. */
        public void commit() {
            committed = true;
        }
    }

    /** One record as it was written. */
    public record Written(ModelPartition partition, long offset, Transaction transaction) {
        TopicPartition name() {
            return partition.name();
        }
    }

    private final List<Written> byWriteId = new ArrayList<>();

    /** Begins a transaction. */
    public Transaction begin() {
        return new Transaction(false);
    }

    /** Notes the records of a batch. Write ids are counted from 1 on without gaps. */
    public void written(ModelPartition partition, LogBatch batch, @Nullable Transaction transaction) {
        for (LogRecord record : batch.records()) {
            byWriteId.add(
                    new Written(partition, record.offset(), transaction == null ? Transaction.NONE : transaction));
            if (record.writeId() != byWriteId.size()) {
                throw new IllegalStateException("write id " + record.writeId() + " comes out of turn");
            }
        }
    }

    /** Returns the record with this number, or null if none was written. */
    @Nullable Written of(long writeId) {
        return writeId < 1 || writeId > byWriteId.size() ? null : byWriteId.get((int) writeId - 1);
    }

    /** Returns the number of the last record written so far, 0 before the first. */
    public long last() {
        return byWriteId.size();
    }
}
