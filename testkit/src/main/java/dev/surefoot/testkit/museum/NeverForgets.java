package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;

/**
 * Exhibit F7, after platformatic/kafka 2.3.0: partitions are only ever added to a session. A partition that is not
 * wanted any more stays at the broker with its old offset, and is in each answer from then on.
 */
final class NeverForgets extends FlawedSession {

    NeverForgets(FetchSession sound) {
        super(sound);
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        FetchPlan plan = super.plan(topicIds, sessions, nowNanos);
        return withForgotten(
                plan,
                plan.forgotten().stream()
                        .filter(key -> wanted.containsKey(key.topicPartition()))
                        .toList());
    }
}
