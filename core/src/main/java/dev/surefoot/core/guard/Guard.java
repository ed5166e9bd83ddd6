package dev.surefoot.core.guard;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.MetadataRefresh;
import dev.surefoot.core.fetch.Fetcher;
import dev.surefoot.core.fetch.SessionLevers;
import dev.surefoot.core.guard.ApplicationView.Reading;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.TrackedPartition;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Watches whether the assigned partitions advance. It takes note of every answer, and about once a second looks at the
 * partitions: at all of them, or at {@link #LOOKS_MAX} if there are more, those in trouble first. Each look names one
 * cause. Owned by the loop's thread.
 */
public final class Guard {
    /** The most partitions to look at in one round, so that a round takes about a millisecond. */
    static final int LOOKS_MAX = 4_096;

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final GuardSettings settings;
    private final Cluster cluster;
    private final ApplicationView application;
    private final ApplicationLedger applicationLedger;
    private final CauseTree causes;
    private final EndCauses ends;
    private final StallLimits limits;
    private final ProofTimes proofs;
    private final ConsumerLedger consumer;
    private final ProcessPauses pauses = new ProcessPauses();
    private final LateTurns lateTurns = new LateTurns();
    private final Surroundings surroundings;

    private final Ledgers ledgers;
    /** The order of rounds. Partitions that are not assigned any more leave it when their turn comes. */
    private final List<PartitionLedger> order = new ArrayList<>();

    private int next;
    private final Set<PartitionLedger> inTrouble = new LinkedHashSet<>();
    private final Map<TopicPartition, Finding> news = new LinkedHashMap<>();
    private final Episodes episodes = new Episodes();
    private long nextRoundNanos = Long.MIN_VALUE;
    private final Ladders ladders;
    private final LeaderQuestions questions;
    private final OpenTransactions transactions = new OpenTransactions();
    private final LagTrends trends = new LagTrends();

    /** @param random the source of all jitter; the same seed gives the same steps at the same times */
    public Guard(
            GuardSettings settings,
            Cluster cluster,
            MetadataRefresh refresh,
            Positions positions,
            Fetcher fetcher,
            Surroundings surroundings,
            ApplicationView application,
            SplittableRandom random) {
        this.settings = settings;
        this.cluster = cluster;
        this.application = application;
        this.applicationLedger = new ApplicationLedger(application);
        this.questions = new LeaderQuestions(settings, cluster);
        this.ends = new EndCauses(settings, questions, transactions);
        this.limits = new StallLimits(settings);
        this.proofs = new ProofTimes(settings.timing());
        long patienceNanos = settings.timing().patienceNanos();
        SessionLevers levers = fetcher.levers();
        this.ladders = new Ladders(settings.recovery(), patienceNanos, random, levers::isStuck, levers::isRefused);
        this.surroundings = surroundings;
        this.ledgers = new Ledgers(settings, cluster, fetcher, positions, ladders);
        this.causes = new CauseTree(
                settings, cluster, refresh, fetcher, surroundings, applicationLedger, ledgers.brokers(), ends);
        SessionConcerns sessions = new SessionConcerns(ledgers.brokers(), levers::health);
        Concerns concerns = new Concerns(surroundings, pauses, sessions, trends, patienceNanos);
        this.consumer = new ConsumerLedger(causes.groups(), concerns, limits);
    }

    // What happens.

    /** Takes over the assignment. */
    public void assigned(long nowNanos) {
        passOverLateness(nowNanos);
        for (PartitionLedger ledger : ledgers.part(nowNanos)) {
            episodes.gone(ledger.tracked().partition(), nowNanos);
            ladders.revoked(ledger.tracked().partition());
            trends.forget(ledger.tracked().partition());
            questions.forget(ledger.tracked().partition());
            transactions.forget(ledger.tracked().partition());
            inTrouble.remove(ledger);
        }
        for (PartitionLedger ledger : ledgers.open(nowNanos)) {
            order.add(ledger);
            inTrouble.add(ledger);
        }
        nextRoundNanos = nowNanos;
    }

    // Rounds.

    /** Sets when the loop's next turn is due at the latest, in nanoseconds of its clock, or {@link Long#MAX_VALUE}. */
    public void nextTurnAt(long deadlineNanos, long nowNanos) {
        lateTurns.plan(deadlineNanos, nowNanos);
    }

    /** Looks at partitions once a second, and decides what to do about those that do not advance. */
    public void round(long nowNanos) {
        passOverLateness(nowNanos);
        questions.beginTurn();
        if (nowNanos < nextRoundNanos) {
            return;
        }
        nextRoundNanos = nowNanos + SECOND_NANOS;
        ledgers.forgetParted(nowNanos);
        if (pauses.look(nowNanos, surroundings.epochMillis())) {
            consumer.restartPatience(nowNanos);
        }
        consumer.look(!ledgers.isEmpty(), nowNanos);
        applicationLedger.look(nowNanos);
        int looks = 0;
        for (PartitionLedger ledger : inTrouble.stream().limit(LOOKS_MAX / 2).toList()) {
            look(ledger, nowNanos);
            looks++;
        }
        for (int turns = order.size(); turns > 0 && looks < LOOKS_MAX; turns--) {
            if (next >= order.size()) {
                next = 0;
            }
            PartitionLedger ledger = order.get(next);
            if (ledgers.isAssigned(ledger)) {
                next++;
                look(ledger, nowNanos);
                looks++;
            } else {
                PartitionLedger last = order.remove(order.size() - 1);
                if (next < order.size()) {
                    order.set(next, last);
                }
            }
        }
        ladders.turn(ledgers.brokers().size(), nowNanos, surroundings.epochMillis());
        episodes.look(consumer.sight(), nowNanos);
        episodes.concerned(consumer.concerns());
        episodes.settle(nowNanos);
    }

    /** While the loop did not turn although it was to, nothing could be done about a stall: it has not lasted then. */
    private void passOverLateness(long nowNanos) {
        long lateNanos = lateTurns.take(nowNanos);
        if (lateNanos > 0) {
            ledgers.all().forEach(ledger -> ledger.passOver(lateNanos));
            consumer.passOver(lateNanos);
        }
    }

    /** How far the application has read in the present generation, or null if it has not begun. */
    private @Nullable Reading read(TrackedPartition tracked) {
        Reading seen = application.reading(tracked.partition());
        return seen != null && seen.generation() == tracked.generation() ? seen : null;
    }

    /**
     * Whether the application reads from the present position. A position that was reset below the one that it has read
     * is another log's, or another part of it: it has to take that over first.
     */
    private static boolean isPresent(Reading read, TrackedPartition tracked) {
        return tracked.fetching() == null || read.offset() <= tracked.fetching().offset();
    }

    private void look(PartitionLedger ledger, long nowNanos) {
        Reading read = read(ledger.tracked());
        Reading reading = read != null && isPresent(read, ledger.tracked()) ? read : null;
        ledger.look(read, reading != null, ledger.newestLeaderId(cluster), settings.readCommitted(), nowNanos);
        applicationLedger.readAt(ledger.consumption().advancedNanos());
        FetchSource source = ledgers.sourceOf(ledger, nowNanos);
        ledger.lookAtSilence(source.route().nodeId(), source.holder());
        long standsUntilNanos = proofs.standsUntilNanos(ledger, source.broker(), ledgers.size());
        boolean standing = nowNanos <= standsUntilNanos;
        Conclusion conclusion = lasting(ledger, causes.conclude(ledger, reading, source, standing, nowNanos), nowNanos);
        ledger.named().set(conclusion.cause(), conclusion.isFine(), isReadToEnd(ledger, conclusion), nowNanos);
        Severity severity =
                limits.severity(conclusion, ledger.named().troubleAgeNanos(ledger.patienceNanos(), nowNanos));
        if (severity == Severity.FINE) {
            inTrouble.remove(ledger);
        } else {
            inTrouble.add(ledger);
        }
        boolean isSilent = source.holder().silentAnswers(ledger.silence().sinceShares()) > 0;
        questions.look(ledger, conclusion, isSilent, nowNanos);
        transactions.look(ledger, conclusion.cause(), nowNanos);
        trends.look(ledger, reading, settings.readCommitted(), nowNanos);
        episodes.look(ledger, conclusion, severity, nowNanos);
        ladders.look(ledger, source.askedId(), conclusion.cause(), severity, nowNanos);
        publish(
                ledger,
                conclusion,
                severity,
                source.route().nodeId(),
                standing ? standsUntilNanos + lookNanos() : PartitionLedger.NEVER,
                nowNanos);
    }

    /** Whether there is nothing more to read: a position may also move over what is not for the application. */
    private boolean isReadToEnd(PartitionLedger ledger, Conclusion found) {
        boolean isGap = found.cause() == StallCause.NOTHING_DELIVERABLE && ends.isNothingLeft(ledger);
        return found.cause() == StallCause.CAUGHT_UP || isGap;
    }

    /**
     * Between two states there are moments for which there is no explanation. They are shorter than two exchanges.
     */
    private Conclusion lasting(PartitionLedger ledger, Conclusion found, long nowNanos) {
        boolean none = found.cause() == StallCause.UNEXPLAINED || found.cause() == StallCause.CLIENT_FAULT;
        long forNanos = ledger.named().unexplained(none, nowNanos);
        return none && forNanos < 2 * (settings.timing().fetchWaitNanos() + SECOND_NANOS)
                ? new Conclusion(StallCause.STARTING, found.scope(), found.evidence(), found.cause())
                : found;
    }

    /** From one look at a partition to the next. */
    private long lookNanos() {
        return SECOND_NANOS + 2 * SECOND_NANOS * ledgers.size() / LOOKS_MAX;
    }

    private void publish(
            PartitionLedger ledger,
            Conclusion conclusion,
            Severity severity,
            int fetchedFrom,
            long standsUntilNanos,
            long nowNanos) {
        Finding last = ledger.finding();
        boolean same = last != null
                && !ledger.mentionedSince()
                && last.cause() == conclusion.cause()
                && last.severity() == severity
                && (standsUntilNanos == PartitionLedger.NEVER
                        ? last.standsUntilNanos() == PartitionLedger.NEVER
                        : last.standsUntilNanos() > nowNanos + lookNanos())
                && last.fetchOffset() == ledger.fetchOffset()
                && severity == Severity.FINE;
        if (same) {
            return;
        }
        Finding found = Finding.of(ledger, conclusion, severity, standsUntilNanos, fetchedFrom);
        ledger.found(found);
        news.put(found.partition(), found);
    }

    /** What is remembered of partitions and brokers, which takes note of answers. */
    public Ledgers ledgers() {
        return ledgers;
    }

    /** What leaders are to be asked. */
    public LeaderQuestions questions() {
        return questions;
    }

    /** The open transactions that partitions wait for. */
    public OpenTransactions transactions() {
        return transactions;
    }

    /** What is tried for partitions that do not advance. */
    public Ladders ladders() {
        return ladders;
    }

    /** What the last round has found of the consumer as a whole, or null before the first. */
    public @Nullable ConsumerFinding consumerFinding() {
        return consumer.finding();
    }

    /** Returns and clears the findings that differ from those of the last call. */
    public List<Finding> takeFindings() {
        if (news.isEmpty()) {
            return List.of();
        }
        List<Finding> taken = List.copyOf(news.values());
        news.clear();
        return taken;
    }

    /** The stalls that there are, and what there is to say of them. */
    public Episodes episodes() {
        return episodes;
    }
}
