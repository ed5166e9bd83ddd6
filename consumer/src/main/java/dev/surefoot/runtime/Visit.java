package dev.surefoot.runtime;

import dev.surefoot.core.delivery.Lanes;
import dev.surefoot.core.records.RecordCursor;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Shows the records of one poll to whoever asked, and remembers what they threw. */
final class Visit implements Lanes.RecordTaker {
    private final Lanes.RecordTaker visitor;
    private final Consumption consumption = new Consumption();
    private @Nullable Throwable thrown;

    Visit(Lanes.RecordTaker visitor) {
        this.visitor = visitor;
    }

    @Override
    public void take(TopicPartition partition, RecordCursor record) {
        try {
            visitor.take(partition, record);
            consumption.add();
        } catch (RuntimeException | Error e) {
            thrown = e;
            throw e;
        }
    }

    Consumption consumption() {
        return consumption;
    }

    /** Throws what the visitor has thrown: unlike trouble with data, it does not wait for the next poll. */
    void rethrow() {
        if (thrown instanceof Error error) {
            throw error;
        } else if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
    }
}
