package dev.surefoot;

import java.util.Map;
import org.apache.kafka.common.Configurable;

/**
 * Takes over records and batches that a consumer cannot read, with {@code surefoot.on.bad.record=dead-letter}; for
 * example it writes them to another topic, and waits until that is done. {@code surefoot.on.bad.record.handler} names
 * it.
 *
 * <p>A consumer calls it on the thread that polls, within {@code poll}, for one unit at a time, in the order of each
 * partition. The time that it takes is part of that poll. When it returns, the position of the partition moves past the
 * unit, and the next commit covers it. So a unit is handed over at least once: again after a crash or a rebalance
 * before that commit, perhaps to another member of the group.
 *
 * <p>It may pause, seek and assign, but not {@code poll}, which throws, or {@code close} the consumer. If it is an
 * {@link AutoCloseable}, it is closed with the consumer.
 */
@FunctionalInterface
public interface BadRecordHandler extends Configurable {
    /**
     * Takes over one unit.
     *
     * @param unit with copies of its bytes, which the handler may keep
     * @throws Exception anything it throws leaves the position before the unit. {@code poll} throws an exception with
     *     that cause, other partitions are read on, and the next poll hands the same unit over again. After three times
     *     in a row it is not called again for this unit before the application seeks
     */
    void handle(BadUnit unit) throws Exception;

    /** Gets the consumer's configuration. Called once, before any unit, if the consumer has made the handler. */
    @Override
    default void configure(Map<String, ?> configs) {}
}
