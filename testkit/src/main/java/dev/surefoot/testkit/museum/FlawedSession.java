package dev.surefoot.testkit.museum;

import dev.surefoot.core.records.BatchScanner;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.PartitionReport;
import dev.surefoot.core.session.SessionHealth;
import dev.surefoot.core.session.Verdict;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A sound session handler with one flaw added. An exhibit overrides the methods that its bug changes and delegates the
 * rest to the sound handler, so the first failure is that bug.
 *
 * <p>An exhibit may replace the sound handler's plan. Either it returns the altered plan from {@link #plan}, and the
 * sound handler records the altered plan as sent. Or it registers the two with {@link #inPlaceOf}, and the sound
 * handler records its own plan as sent, although the broker never received that one.
 */
abstract class FlawedSession implements FetchSession {
    /** The partitions that are wanted now. */
    final Map<TopicPartition, FetchTarget> wanted = new LinkedHashMap<>();

    /** The partitions that the broker holds if it received the plans that the sound handler recorded as sent. */
    final HeldPartitions held = new HeldPartitions();

    private final FetchSession sound;

    /**
     * The sound handler's plan by the plan that was sent in its place. By identity, since two plans may have the same
     * content.
     */
    private final IdentityHashMap<FetchPlan, FetchPlan> meant = new IdentityHashMap<>();

    FlawedSession(FetchSession sound) {
        this.sound = sound;
    }

    @Override
    public void want(TopicPartition partition, Uuid topicId, FetchTarget target) {
        wanted.put(partition, target);
        sound.want(partition, topicId, target);
    }

    @Override
    public void unwant(TopicPartition partition) {
        wanted.remove(partition);
        sound.unwant(partition);
    }

    @Override
    public boolean wantsAny() {
        return sound.wantsAny();
    }

    @Override
    public boolean brokerHoldsAny() {
        return sound.brokerHoldsAny();
    }

    @Override
    public boolean outstanding() {
        return sound.outstanding();
    }

    @Override
    public long retryAtNanos() {
        return sound.retryAtNanos();
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        return sound.plan(topicIds, sessions, nowNanos);
    }

    @Override
    public void sent(FetchPlan plan) {
        FetchPlan taken = meantBy(plan);
        meant.clear();
        meant.put(plan, taken);
        sound.sent(taken);
    }

    @Override
    public Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        Verdict verdict = sound.answered(meantBy(plan), answer, nowNanos);
        held.judged(meantBy(plan), verdict);
        return verdict;
    }

    @Override
    public void failed(FetchPlan plan) {
        sound.failed(meantBy(plan));
        held.clear();
    }

    @Override
    public void reannounce(TopicPartition partition) {
        sound.reannounce(partition);
    }

    @Override
    public void reopen() {
        sound.reopen();
    }

    @Override
    public SessionHealth health() {
        return sound.health();
    }

    @Override
    public @Nullable FetchPlan close() {
        return sound.close();
    }

    /** Returns {@code said}; when it is answered, the sound handler records {@code soundPlan} as answered. */
    final FetchPlan inPlaceOf(FetchPlan soundPlan, FetchPlan said) {
        meant.put(said, soundPlan);
        return said;
    }

    private FetchPlan meantBy(FetchPlan said) {
        return meant.getOrDefault(said, said);
    }

    /** Returns another plan with the same content. */
    static FetchPlan again(FetchPlan plan) {
        return withSession(plan, plan.sessionId(), plan.epoch());
    }

    static FetchPlan withSession(FetchPlan plan, int sessionId, int epoch) {
        return new FetchPlan(
                plan.kind(), sessionId, epoch, plan.byTopicId(), plan.partitions(), plan.forgotten(), plan.immediate());
    }

    static FetchPlan withPartitions(FetchPlan plan, Map<TopicIdPartition, FetchTarget> partitions) {
        return new FetchPlan(
                plan.kind(),
                plan.sessionId(),
                plan.epoch(),
                plan.byTopicId(),
                partitions,
                plan.forgotten(),
                plan.immediate());
    }

    /** Returns the plan with these of its partitions to forget. With fewer, the broker need not answer at once. */
    static FetchPlan withForgotten(FetchPlan plan, List<TopicIdPartition> forgotten) {
        return new FetchPlan(
                plan.kind(),
                plan.sessionId(),
                plan.epoch(),
                plan.byTopicId(),
                plan.partitions(),
                forgotten,
                plan.immediate() && forgotten.size() >= plan.forgotten().size());
    }

    static Verdict.Accepted withReports(Verdict.Accepted accepted, List<PartitionReport> reports) {
        return new Verdict.Accepted(accepted.outcome(), reports, accepted.doubts());
    }

    /** Returns the report of a partition, as if this target had been requested. */
    static PartitionReport report(TopicPartition partition, FetchTarget target, PartitionAnswer answer) {
        return new PartitionReport(
                partition, target, answer, BatchScanner.scan(partition, answer.records(), target.fetchOffset()));
    }
}
