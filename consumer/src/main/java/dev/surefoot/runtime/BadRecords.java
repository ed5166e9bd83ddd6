package dev.surefoot.runtime;

import dev.surefoot.core.delivery.BadUnitPolicy;
import dev.surefoot.core.delivery.SkipBreaker;
import dev.surefoot.core.delivery.UnitKeptException;
import dev.surefoot.core.delivery.UnreadableUnit;
import dev.surefoot.net.Clock;
import dev.surefoot.progress.PassedOver;
import dev.surefoot.progress.StallCause;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Carries out {@code surefoot.on.bad.record}: hands over, logs and counts a unit before the position moves past it.
 * Owned by the application's thread.
 */
public final class BadRecords implements BadUnitPolicy, AutoCloseable {
    private final boolean mayPass;
    private final @Nullable HandlerAttempts handler;
    private final SkipBreaker breaker;
    private final Clock clock;
    private final @Nullable BadUnitMeter meter;
    private final @Nullable BadUnitLog log;
    private boolean endLogged;
    private Consumer<PassedOver> listener = unit -> {};

    private BadRecords(
            boolean mayPass,
            @Nullable UnitHandler handler,
            int rowMax,
            Clock clock,
            @Nullable BadUnitMeter meter,
            @Nullable BadUnitLog log) {
        this.mayPass = mayPass;
        this.handler = HandlerAttempts.of(handler);
        this.breaker = new SkipBreaker(rowMax);
        this.clock = clock;
        this.meter = meter;
        this.log = log;
    }

    /** Passes over nothing, as with {@code fail}. */
    public static BadRecords failing() {
        return new BadRecords(false, null, 1, Clock.SYSTEM, null, null);
    }

    /**
     * Passes units over.
     *
     * @param handler takes each unit over first, or null to skip them; closed with this
     * @param rowMax {@code surefoot.on.bad.record.breaker}
     * @param meter of the same consumer
     * @param log the logger of what keeps partitions from progress
     */
    public static BadRecords passing(
            @Nullable UnitHandler handler, int rowMax, Clock clock, ConsumerMeter meter, Logger log, String clientId) {
        return new BadRecords(true, handler, rowMax, clock, meter.badUnits(), new BadUnitLog(log, clientId));
    }

    @Override
    public boolean mayPass() {
        return mayPass;
    }

    @Override
    public void pass(UnreadableUnit unit, long recordsTaken) {
        String refusal = breaker.refusal(unit.partition(), recordsTaken, clock.nanos());
        if (refusal != null) {
            throw ended(unit, refusal);
        }
        if (handler != null) {
            handler.handOver(unit);
        }
        long nowNanos = clock.nanos();
        if (log != null && meter != null) {
            log.passed(unit, handler == null ? "skipped" : "given to the handler and passed over", nowNanos);
            meter.passed(unit);
        }
        listener.accept(told(unit));
        breaker.passed(unit.partition(), recordsTaken, nowNanos);
    }

    /** Has another object told of each unit that is passed over. Called before the first poll. */
    void tell(Consumer<PassedOver> other) {
        listener = other;
    }

    private PassedOver told(UnreadableUnit unit) {
        StallCause reason =
                switch (unit.reason()) {
                    case RECORD_UNDESERIALIZABLE -> StallCause.RECORD_UNDESERIALIZABLE;
                    case BATCH_CORRUPT -> StallCause.BATCH_CORRUPT;
                    case BATCH_UNDECOMPRESSABLE -> StallCause.BATCH_UNDECOMPRESSABLE;
                    case RECORD_TOO_LARGE -> StallCause.RECORD_TOO_LARGE;
                };
        return new PassedOver(
                unit.partition(),
                unit.fromOffset(),
                unit.toOffset(),
                reason,
                handler != null,
                String.valueOf(unit.cause().getMessage()));
    }

    private KafkaException ended(UnreadableUnit unit, String refusal) {
        if (log != null && !endLogged) {
            endLogged = true;
            log.ended(refusal);
        }
        return new UnitKeptException(
                UnitKeptException.Reason.PASSED_TOO_MANY,
                "Cannot read " + BadUnitLog.where(unit) + " (" + unit.reason() + "), and surefoot.on.bad.record passes"
                        + " over no more: " + refusal + ", so the cause may be what reads the data and not the data."
                        + " Look at the deserializer and what it depends on; then make a new consumer, or seek past"
                        + " offset " + unit.toOffset() + " to go on without this unit. A larger"
                        + " surefoot.on.bad.record.breaker allows for more in a row.",
                unit.cause());
    }

    /** Whether the handler is being called, so that a poll must be refused. */
    boolean isHandling() {
        return handler != null && handler.isCalling();
    }

    @Override
    public void forget(TopicPartition partition) {
        if (handler != null) {
            handler.forget(partition);
        }
    }

    /** Closes the handler. */
    @Override
    public void close() {
        if (handler != null) {
            handler.close();
        }
    }
}
