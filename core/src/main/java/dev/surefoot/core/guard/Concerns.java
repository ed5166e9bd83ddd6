package dev.surefoot.core.guard;

import dev.surefoot.core.group.GroupView;
import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Marks;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.KafkaException;

/**
 * What is not right though records go on being read. It masks no cause and is masked by none. Queries only. Owned by
 * the loop's thread.
 */
final class Concerns {
    private static final long MINUTE_NANOS = 60_000_000_000L;

    /** Rebalances within ten minutes from which on a group counts as unstable. */
    private static final int REBALANCES = 5;

    private final Surroundings surroundings;
    private final ProcessPauses pauses;
    private final SessionConcerns sessions;
    private final LagTrends trends;
    private final long patienceNanos;

    Concerns(
            Surroundings surroundings,
            ProcessPauses pauses,
            SessionConcerns sessions,
            LagTrends trends,
            long patienceNanos) {
        this.sessions = sessions;
        this.trends = trends;
        this.surroundings = surroundings;
        this.pauses = pauses;
        this.patienceNanos = patienceNanos;
    }

    List<ConsumerFinding.Named> present(long nowNanos) {
        List<ConsumerFinding.Named> present = new ArrayList<>();
        pauses.within(patienceNanos, nowNanos).ifPresent(present::add);
        sessions.present(nowNanos, present::add);
        trends.present(nowNanos, present::add);
        GroupView group = surroundings.group(nowNanos);
        if (group == null) {
            return present;
        }
        Scope scope = new Scope.Group(group.identity().groupId());
        if (group.rebalances() >= REBALANCES) {
            Evidence evidence = GroupCauses.evidence(group, Marks.UNKNOWN, nowNanos);
            present.add(new ConsumerFinding.Named(
                    StallCause.GROUP_UNSTABLE, Severity.FINE, scope, group.phaseNanos(), evidence));
        }
        GroupView.Committing committing = group.committing();
        KafkaException failure = committing.failure();
        boolean failing = failure != null && nowNanos - committing.failingNanos() >= MINUTE_NANOS;
        if (failing) {
            Evidence evidence = new Evidence.Commits(
                    Marks.UNKNOWN,
                    committing.failures(),
                    (nowNanos - committing.failingNanos()) / 1_000_000,
                    DataCauses.message(failure));
            present.add(new ConsumerFinding.Named(
                    StallCause.COMMIT_FAILING, Severity.FINE, scope, committing.failingNanos(), evidence));
        }
        return present;
    }
}
