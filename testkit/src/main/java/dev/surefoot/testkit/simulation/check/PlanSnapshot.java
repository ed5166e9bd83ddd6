package dev.surefoot.testkit.simulation.check;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchTarget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;

/**
 * The content of a plan at one moment, as an encoder would read it. It is read twice, as a
 * request may be written twice.
 *
 * @param original the plan that was made
 * @param plan its content, in memory of its own
 */
record PlanSnapshot(FetchPlan original, FetchPlan plan) {

    /**
     * Reads the plan.
     *
     * @throws Violation if the two readings differ (I4)
     */
    static PlanSnapshot of(FetchPlan plan) {
        FetchPlan first = copy(plan);
        FetchPlan second = copy(plan);
        if (!first.equals(second)) {
            throw new Violation(
                    "I4",
                    "a plan says " + Wording.plan(first) + " when it is first encoded, and then "
                            + Wording.plan(second));
        }
        return new PlanSnapshot(plan, first);
    }

    private static FetchPlan copy(FetchPlan plan) {
        Map<TopicIdPartition, FetchTarget> partitions = new LinkedHashMap<>();
        plan.partitions().forEach(partitions::put);
        List<TopicIdPartition> forgotten = new ArrayList<>(plan.forgotten());
        return new FetchPlan(
                plan.kind(), plan.sessionId(), plan.epoch(), plan.byTopicId(), partitions, forgotten, plan.immediate());
    }
}
