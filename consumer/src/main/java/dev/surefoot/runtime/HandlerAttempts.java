package dev.surefoot.runtime;

import dev.surefoot.core.delivery.UnitKeptException;
import dev.surefoot.core.delivery.UnreadableUnit;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Calls the handler of bad records, at most {@value #MOST} times for a unit. What it throws leaves the position where
 * it is. Owned by the application's thread.
 */
final class HandlerAttempts {
    /** In a row; a seek gives as many again. */
    static final int MOST = 3;

    private final UnitHandler handler;
    private final Map<TopicPartition, Failing> failing = new HashMap<>();
    private boolean calling;

    private record Failing(long fromOffset, long toOffset, int times, Throwable last) {
        boolean isAbout(UnreadableUnit unit) {
            return fromOffset == unit.fromOffset() && toOffset == unit.toOffset();
        }
    }

    HandlerAttempts(UnitHandler handler) {
        this.handler = handler;
    }

    /**
     * Hands over a unit.
     *
     * @throws KafkaException if the handler throws, or has thrown {@value #MOST} times before
     */
    void handOver(UnreadableUnit unit) {
        Failing before = failing.get(unit.partition());
        int times = before == null || !before.isAbout(unit) ? 0 : before.times;
        if (before != null && times >= MOST) {
            throw failing(unit, times, before.last);
        }
        calling = true;
        try {
            handler.handle(unit);
            failing.remove(unit.partition());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (InterruptException e) {
            throw e;
        } catch (Exception e) {
            failing.put(unit.partition(), new Failing(unit.fromOffset(), unit.toOffset(), times + 1, e));
            throw failing(unit, times + 1, e);
        } finally {
            calling = false;
        }
    }

    private KafkaException failing(UnreadableUnit unit, int times, Throwable last) {
        String next = times < MOST
                ? " The next poll calls it again."
                : " It is not called again for this unit: mend what it needs, then seek to offset " + unit.fromOffset()
                        + " to have it called anew, or seek past offset " + unit.toOffset() + ".";
        return new UnitKeptException(
                times < MOST ? UnitKeptException.Reason.HANDLER_THREW : UnitKeptException.Reason.HANDLER_GIVEN_UP,
                "The handler of bad records " + handler.name() + " has thrown " + times + " of " + MOST + " times for "
                        + BadUnitLog.where(unit) + " (" + unit.reason() + "). The position stays before it." + next,
                last);
    }

    /** Whether the handler is being called. */
    boolean isCalling() {
        return calling;
    }

    /** Counts anew for a partition that was moved or given up. */
    void forget(TopicPartition partition) {
        failing.remove(partition);
    }

    void close() {
        handler.close();
    }

    static @Nullable HandlerAttempts of(@Nullable UnitHandler handler) {
        return handler == null ? null : new HandlerAttempts(handler);
    }
}
