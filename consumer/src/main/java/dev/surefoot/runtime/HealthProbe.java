package dev.surefoot.runtime;

import dev.surefoot.progress.Diagnosis;
import dev.surefoot.progress.Health;
import dev.surefoot.progress.PartitionProgress;
import dev.surefoot.progress.ProgressSnapshot;
import dev.surefoot.progress.Proof;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a probe of the process should answer. A restart is advised only where it helps: never for brokers, the network,
 * the group or the data. Once ready, a consumer stays so but for what the application has to mend. Safe from any
 * thread.
 */
final class HealthProbe {
    private static final Duration STUCK = Duration.ofSeconds(60);

    /** Two ladders of recovery, with the time between them. */
    private static final Duration UNHEALED = Duration.ofMinutes(6);

    private static final Duration IDLE = Duration.ofMinutes(10);

    private final Duration idle;
    private volatile boolean wasReady;

    /** @param maxPollInterval the time that the application may be out of poll */
    HealthProbe(Duration maxPollInterval) {
        Duration twice = maxPollInterval.multipliedBy(2);
        this.idle = twice.compareTo(IDLE) > 0 ? twice : IDLE;
    }

    Health ask(ProgressSnapshot snapshot) {
        Optional<Diagnosis> ends = causes(snapshot)
                .filter(why -> isMendedByRestart(why, snapshot.asOf()))
                .findFirst();
        Optional<Diagnosis> keeps = keptFromReady(snapshot);
        if (keeps.isEmpty() && ends.isEmpty()) {
            wasReady = true;
        }
        return new Health(ends.isEmpty(), keeps.isEmpty() && ends.isEmpty(), ends.or(() -> keeps));
    }

    private static Stream<Diagnosis> causes(ProgressSnapshot snapshot) {
        return Stream.concat(
                Stream.of(snapshot.consumer()),
                snapshot.partitions().values().stream().map(PartitionProgress::why));
    }

    private boolean isMendedByRestart(Diagnosis why, Instant now) {
        Duration age = Duration.between(why.since(), now);
        return switch (why.cause()) {
            case LOOP_DEAD -> true;
            case LOOP_STUCK -> why.severity() == Severity.STALLED && age.compareTo(STUCK) >= 0;
            case CLIENT_FAULT, UNEXPLAINED, PARTITION_LOST_FROM_SESSION, SESSION_DIVERGED ->
                why.severity() == Severity.STALLED && age.compareTo(UNHEALED) >= 0;
            case APPLICATION_NOT_POLLING, DESERIALIZER_SLOW -> age.compareTo(idle) >= 0;
            default -> false;
        };
    }

    private Optional<Diagnosis> keptFromReady(ProgressSnapshot snapshot) {
        Optional<Diagnosis> refused =
                causes(snapshot).filter(HealthProbe::isRefusal).findFirst();
        if (refused.isPresent()) {
            return refused;
        }
        int failed = snapshot.summary().failed();
        if (failed > 0 && failed == snapshot.summary().assigned()) {
            return Optional.of(snapshot.consumer());
        }
        return wasReady ? Optional.empty() : unproved(snapshot);
    }

    private static boolean isRefusal(Diagnosis why) {
        return switch (why.cause()) {
            case AUTHENTICATION_FAILING, TLS_FAILING, GROUP_REFUSED, INSTANCE_FENCED, LOOP_DEAD -> true;
            default -> false;
        };
    }

    /** What a consumer still lacks that was never ready. */
    private static Optional<Diagnosis> unproved(ProgressSnapshot snapshot) {
        if (snapshot.partitions().isEmpty()) {
            return Optional.of(snapshot.consumer()).filter(why -> why.cause() != StallCause.OWNS_NOTHING);
        }
        return snapshot.partitions().values().stream()
                .filter(partition -> partition.position().isEmpty()
                        || (partition.proof().source() == Proof.Source.NONE
                                && partition.why().severity() != Severity.FINE))
                .map(PartitionProgress::why)
                .findFirst();
    }
}
