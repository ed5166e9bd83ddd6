package dev.surefoot.runtime;

import dev.surefoot.core.delivery.Lanes;
import dev.surefoot.core.error.Thrown;
import dev.surefoot.core.records.RecordCursor;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Shows the records of one poll to a visitor, and keeps whether it stopped and what it threw. Owned by the
 * application's thread.
 */
public final class Visit implements Lanes.RecordTaker {

    /** Looks at the record that a cursor is at. */
    @FunctionalInterface
    public interface Visitor {
        /** Looks at one record; returns whether to show more. */
        boolean visit(TopicPartition partition, RecordCursor record);
    }

    private final Visitor visitor;
    private final Consumption consumption = new Consumption();
    private boolean stopped;
    private @Nullable Throwable thrown;

    Visit(Visitor visitor) {
        this.visitor = visitor;
    }

    @Override
    public void take(TopicPartition partition, RecordCursor record) {
        try {
            stopped = !visitor.visit(partition, record);
            consumption.add();
        } catch (Throwable e) { // a visitor may throw anything
            thrown = e;
            throw e;
        }
    }

    /** The visitor has refused its record as one that cannot be deserialized, and the policy has decided. */
    @Override
    public void passedOver(@Nullable Throwable failure) {
        thrown = failure;
    }

    @Override
    public boolean hasEnough() {
        return stopped;
    }

    Consumption consumption() {
        return consumption;
    }

    /** Throws what the visitor has thrown. Unlike an error of the data, it does not wait for the next poll. */
    void rethrow() {
        if (thrown != null) {
            throw Thrown.asItIs(thrown);
        }
    }
}
