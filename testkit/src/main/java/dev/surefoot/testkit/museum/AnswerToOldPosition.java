package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionReport;
import dev.surefoot.core.session.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Exhibit F25, after Dekaf: the application seeks while a fetch is in flight, and the answer to the old position is
 * taken for one to the new. Its records are delivered, or they overwrite the new position.
 */
final class AnswerToOldPosition extends FlawedSession {

    AnswerToOldPosition(FetchSession sound) {
        super(sound);
    }

    @Override
    public Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        Verdict verdict = super.answered(plan, answer, nowNanos);
        if (!(verdict instanceof Verdict.Accepted accepted)) {
            return verdict;
        }
        return withReports(
                accepted,
                accepted.reports().stream()
                        .map(report -> nowAt(wanted.get(report.partition()), report))
                        .toList());
    }

    private static PartitionReport nowAt(@Nullable FetchTarget now, PartitionReport report) {
        if (now == null || now.fetchOffset() == report.target().fetchOffset()) {
            return report;
        }
        return report(report.partition(), now, report.answer());
    }
}
