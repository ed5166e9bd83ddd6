package dev.surefoot.runtime;

import dev.surefoot.core.delivery.UnreadableUnit;
import dev.surefoot.core.delivery.UnreadableUnit.Reason;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;

/**
 * Logs each unit that is passed over: the first of a reason in a partition at {@code WARN}, those of the following hour
 * at {@code INFO}. Prints no content. Owned by the application's thread.
 */
final class BadUnitLog {
    private static final long QUIET_NANOS = Duration.ofHours(1).toNanos();

    /** What is counted together. */
    private record Kind(TopicPartition partition, Reason reason) {}

    /** The units since the last warning. */
    private static final class Since {
        private long warnedAtNanos;
        private int units;
    }

    private final Logger log;
    private final String clientId;
    private final Map<Kind, Since> since = new HashMap<>();

    BadUnitLog(Logger log, String clientId) {
        this.log = log;
        this.clientId = clientId;
    }

    /** @param what what was done with the unit, as a participle */
    void passed(UnreadableUnit unit, String what, long nowNanos) {
        Kind kind = new Kind(unit.partition(), unit.reason());
        Since before = since.get(kind);
        if (before != null && nowNanos - before.warnedAtNanos < QUIET_NANOS) {
            before.units++;
            log.info(
                    "[{}] {} {} ({}), {} in the hour since the last warning",
                    clientId,
                    where(unit),
                    what,
                    unit.reason(),
                    before.units);
            return;
        }
        Since first = new Since();
        first.warnedAtNanos = nowNanos;
        first.units = 1;
        since.put(kind, first);
        log.warn(
                "[{}] {} {} ({}): {}",
                clientId,
                where(unit),
                what,
                unit.reason(),
                unit.cause().getMessage());
    }

    /** Says that nothing is passed over any more. */
    void ended(String why) {
        log.warn("[{}] Bad records are no longer passed over: {}", clientId, why);
    }

    static String where(UnreadableUnit unit) {
        return unit.fromOffset() == unit.toOffset()
                ? unit.partition() + " offset " + unit.fromOffset()
                : unit.partition() + " offsets " + unit.fromOffset() + " to " + unit.toOffset();
    }
}
