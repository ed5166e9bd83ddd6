package dev.surefoot.core.guard;

import dev.surefoot.progress.RecoveryStep.Action;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.util.EnumSet;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A partition that does not advance although it might be made to. Owned by the loop's thread. */
final class Suspect {
    /** Why a partition is not suspected any more. */
    enum End {
        /** It has advanced. */
        PROGRESS,
        /** There is nothing to read. */
        NOTHING_TO_READ,
        /** It is not to be read, or its trouble is another one. */
        OTHERWISE
    }

    private static final long NEVER = Long.MIN_VALUE;

    /** What says that there is nothing to read. */
    private static final Set<StallCause> NOTHING_TO_READ =
            EnumSet.of(StallCause.CAUGHT_UP, StallCause.TRANSACTION_OPEN, StallCause.NOTHING_DELIVERABLE);

    private final PartitionLedger ledger;
    private final long generation;
    private final long sinceNanos;
    private StallCause cause;
    private boolean stalled;
    private boolean verified;
    private long helplessNanos = NEVER;

    Suspect(PartitionLedger ledger, StallCause cause, Severity severity, long nowNanos) {
        this.ledger = ledger;
        this.generation = ledger.generation();
        this.sinceNanos = nowNanos;
        this.cause = cause;
        this.stalled = isStall(severity);
    }

    private static boolean isStall(Severity severity) {
        return severity == Severity.STALLED || severity == Severity.FAILED;
    }

    TopicPartition partition() {
        return ledger.tracked().partition();
    }

    StallCause cause() {
        return cause;
    }

    /** Takes note of another look; returns why it is not suspected any more, or null if it is. */
    @Nullable End look(StallCause now, Severity severity, long nowNanos) {
        if (ledger.generation() != generation) {
            return End.OTHERWISE;
        }
        if (ledger.movedNanos() > sinceNanos) {
            return End.PROGRESS;
        }
        if (NOTHING_TO_READ.contains(now)) {
            return End.NOTHING_TO_READ;
        }
        if (now == StallCause.PROGRESSING || now == StallCause.STARTING) {
            return null; // by earlier progress; nothing has moved since it is suspected
        }
        stalled = isStall(severity);
        if (!Remedies.against(now).isEmpty()) {
            cause = now;
            helplessNanos = NEVER;
            return null;
        }
        if (StallLimits.isFine(now) || now.patience() == StallCause.Patience.FAILS_AT_ONCE) {
            return End.OTHERWISE;
        }
        // A step may cause a short trouble of its own, as when it opens another connection.
        helplessNanos = helplessNanos == NEVER ? nowNanos : helplessNanos;
        return nowNanos - helplessNanos > Ladder.HELPLESS_NANOS ? End.OTHERWISE : null;
    }

    /** Whether this may help it now. */
    boolean isHelpedBy(Action action) {
        return !isHelpless() && Remedies.against(cause).contains(action);
    }

    /** Whether nothing may help it for the moment, or it is too early for what may. */
    boolean isHelpless() {
        return helplessNanos != NEVER || !(stalled || Remedies.atOnce(cause));
    }

    /** Whether its leader has been asked for the end of the log, and has answered or not. */
    boolean isVerified() {
        return verified;
    }

    void verify() {
        verified = true;
    }
}
