package dev.surefoot.testkit.simulation;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.guard.RecoveryLevel;
import dev.surefoot.progress.Diagnosis;
import dev.surefoot.progress.RecoveryStep;
import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.simulation.check.Violation;
import dev.surefoot.testkit.simulation.check.WireWatch;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The result of a run in which only counts what the application gets: each record once and in order, and all of them in
 * time after the last fault. Neither sessions nor the guard are judged.
 *
 * @param violation what was wrong with that, or null
 * @param steps the last steps of recovery
 * @param unread what the guard names for each partition that has not been read to its end when something was wrong
 * @param requests how many requests were sent
 * @param ranNanos nanoseconds of virtual time from the beginning to the end of the run
 * @param settledNanos nanoseconds of virtual time from the end of the last fault to the end of the run
 */
public record UnjudgedRun(
        @Nullable Violation violation,
        List<RecoveryStep> steps,
        Map<TopicPartition, Diagnosis> unread,
        long requests,
        long ranNanos,
        long settledNanos) {

    /**
     * Runs a schedule without a group.
     *
     * @param subject what takes the place of shipped parts
     * @param recovery {@code surefoot.recovery}
     */
    public static UnjudgedRun of(Schedule schedule, Seams subject, RecoveryLevel recovery) {
        Simulation simulation = new Simulation(schedule, subject, recovery, false, false);
        RequestCount count = new RequestCount();
        simulation.world().wire().watchedBy(count);
        simulation.guard().lookAway();
        Violation violation = simulation.run();
        return new UnjudgedRun(
                violation,
                simulation.application().recoverySteps(),
                violation == null ? Map.of() : simulation.application().whyUnread(),
                count.requests,
                simulation.world().time().nanos(),
                simulation.world().time().nanos() - simulation.healedNanos());
    }

    /** Whether something that could be read was not read in time after the last fault. */
    public boolean standsStill() {
        return violation != null && violation.property().equals("L1");
    }

    private static final class RequestCount implements WireWatch {
        private long requests;

        @Override
        public void sent(Request<?> request) {
            requests++;
        }

        @Override
        public void answered(Request<?> request, Answer answer) {
            // It counts what is sent.
        }

        @Override
        public void failed(Request<?> request, RequestFailure failure) {
            // It counts what is sent.
        }
    }
}
