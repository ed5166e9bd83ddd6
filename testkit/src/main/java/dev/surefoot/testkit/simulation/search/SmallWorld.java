package dev.surefoot.testkit.simulation.search;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.PartitionReport;
import dev.surefoot.core.session.SessionBelief;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.core.session.VerifiedFetchSession;
import dev.surefoot.testkit.simulation.model.BrokerSession;
import dev.surefoot.testkit.simulation.model.FetchTerms;
import dev.surefoot.testkit.simulation.model.FetchUnderWay;
import dev.surefoot.testkit.simulation.search.Wire.Phase;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * One client with one session, one broker, and the wire between them. Nothing happens by itself: {@link #take} takes
 * one step, if {@link #allows} is true for it, and checks the state that follows.
 */
final class SmallWorld implements SearchWorld<Step> {
    private static final int THROTTLE_MS = 1;
    private static final FetchTerms TERMS = new FetchTerms(100_000, false);

    private final boolean judgesPlans;
    private final SmallCluster cluster;
    private final FetchSession session;
    private final SmallConsumer consumer;
    private final SessionLedger ledger;
    private final Wire wire = new Wire();
    private final BrokenBroker brokenBroker;
    /** The ids of sessions that a bug of the broker has changed, or that it has dropped. */
    private final Set<Integer> damaged = new HashSet<>();

    private long nowNanos = 2 * SessionNumbers.TIMES_FROM;
    private boolean closed;

    SmallWorld(WorldSettings settings) {
        judgesPlans = settings.judgesPlans();
        cluster = new SmallCluster(settings.firstEpoch());
        session = settings.sessions().get();
        consumer = new SmallConsumer(cluster, session);
        ledger = new SessionLedger(settings.firstEpoch());
        brokenBroker = new BrokenBroker(cluster, ledger, wire);
    }

    @Override
    public boolean allows(Step step) {
        return switch (step) {
            case SEND, DROP_PLAN -> maySend();
            case ARRIVE, LOSE_REQUEST -> wire.phase() == Phase.REQUEST;
            case ANSWER -> wire.phase() == Phase.AT_BROKER;
            case DELIVER, LOSE_ANSWER -> wire.phase() == Phase.ANSWER;
            case GIVE_UP -> !wire.hasStraggler() && (wire.phase() == Phase.REQUEST || wire.phase() == Phase.AT_BROKER);
            case STRAGGLER -> wire.hasStraggler();
            case TIME -> !closed;
            case REFRESH -> !closed && consumer.isBehind();
            case RECOVER_0, RECOVER_1 -> cluster.isFailing(step.partition());
            case FAIL_0, FAIL_1 -> !closed && !cluster.isFailing(step.partition());
            case IDS_BACK -> !cluster.namesTopicIds();
            case IDS_MISSING -> !closed && cluster.namesTopicIds();
            case SLOTS_BACK -> !cluster.hasSlots();
            case NO_SLOTS -> !closed && cluster.hasSlots();
            case RESUME_0, RESUME_1 -> !closed && consumer.isPaused(step.partition());
            case PAUSE_0, PAUSE_1 -> !closed && !consumer.isPaused(step.partition());
            case SEEK_0, SEEK_1 -> !closed && consumer.offset(step.partition()) > 0;
            case EVICT -> !closed && cluster.broker().sessions().get(ledger.sessionId()) != null;
            case THROTTLE -> !closed && !cluster.throttlesNext();
            case RESTART, ELECT_0, ELECT_1, RECREATE, CLOSE, REANNOUNCE_0, REANNOUNCE_1, REOPEN -> !closed;
            case LOSE_PARTITION_0, LOSE_PARTITION_1 -> brokenBroker.mayLose(step.partition());
            case EXTRA_PARTITION,
                    MISSING_PARTITION_0,
                    MISSING_PARTITION_1,
                    WRONG_SESSION_ID,
                    BATCH_BELOW_0,
                    BATCH_BELOW_1,
                    REFUSE_SESSION,
                    REFUSE_EPOCH,
                    REFUSE -> brokenBroker.mayAnswerSo(step);
        };
    }

    private boolean maySend() {
        return wire.phase() == Phase.IDLE
                && !closed
                && nowNanos >= session.retryAtNanos()
                && (session.wantsAny() || session.brokerHoldsAny());
    }

    @Override
    public void take(Step step) {
        takeAgain(step);
        check();
    }

    @Override
    public void takeAgain(Step step) {
        try {
            switch (step) {
                case SEND -> send();
                case DROP_PLAN -> plan();
                case ARRIVE -> arrive(wire.plan(), false);
                case LOSE_PARTITION_0, LOSE_PARTITION_1 -> arriveLosing(step.partition());
                case ANSWER -> wire.answered(answerOf(wire.atBroker()));
                case DELIVER -> deliver();
                case LOSE_REQUEST, LOSE_ANSWER -> lose(false);
                case GIVE_UP -> lose(true);
                case STRAGGLER -> dealWithStraggler();
                case EXTRA_PARTITION,
                        MISSING_PARTITION_0,
                        MISSING_PARTITION_1,
                        WRONG_SESSION_ID,
                        BATCH_BELOW_0,
                        BATCH_BELOW_1,
                        REFUSE_SESSION,
                        REFUSE_EPOCH,
                        REFUSE -> answerSo(step);
                case TIME, REFRESH, RESUME_0, RESUME_1, PAUSE_0, PAUSE_1, SEEK_0, SEEK_1, CLOSE -> changeClient(step);
                case REANNOUNCE_0, REANNOUNCE_1, REOPEN -> ledger.pull(step, session);
                default -> changeBroker(step);
            }
        } catch (IllegalStateException | IllegalArgumentException | NullPointerException e) {
            throw new InvariantBroken("no exception", "the session throws " + e, e);
        }
        if (!damaged.isEmpty() && !session.outstanding() && ledger.agreesWith(cluster.broker())) {
            damaged.remove(ledger.sessionId());
        }
    }

    private void changeClient(Step step) {
        switch (step) {
            case TIME -> {
                nowNanos += WorldSettings.STEP_NANOS;
                consumer.timePasses();
            }
            case REFRESH -> consumer.refresh();
            case RESUME_0, RESUME_1 -> consumer.pause(step.partition(), false);
            case PAUSE_0, PAUSE_1 -> consumer.pause(step.partition(), true);
            case SEEK_0, SEEK_1 -> consumer.seekToBeginning(step.partition());
            case CLOSE -> close();
            default -> throw new IllegalArgumentException(step + " is not the client's");
        }
    }

    private void changeBroker(Step step) {
        switch (step) {
            case RECOVER_0, RECOVER_1 -> cluster.fail(step.partition(), false);
            case FAIL_0, FAIL_1 -> cluster.fail(step.partition(), true);
            case IDS_BACK -> cluster.nameTopicIds(true);
            case IDS_MISSING -> cluster.nameTopicIds(false);
            case SLOTS_BACK -> cluster.provideSlots(true);
            case NO_SLOTS -> cluster.provideSlots(false);
            case EVICT -> {
                damaged.add(ledger.sessionId());
                cluster.broker().sessions().remove(ledger.sessionId());
            }
            case RESTART -> restart();
            case THROTTLE -> cluster.throttleNext(THROTTLE_MS);
            case ELECT_0, ELECT_1 -> cluster.elect(step.partition());
            case RECREATE -> cluster.recreate();
            default -> throw new IllegalArgumentException(step + " is not the broker's");
        }
    }

    // Steps of the client.

    private FetchPlan plan() {
        FetchPlan plan = session.plan(true, true, nowNanos);
        if (judgesPlans) {
            ledger.checkPlan(plan, consumer.wanted(), nowNanos);
        }
        return plan;
    }

    private void send() {
        FetchPlan plan = plan();
        session.sent(plan);
        wire.send(plan);
    }

    private void deliver() {
        FetchPlan plan = wire.plan();
        FetchAnswer answer = wire.answer();
        boolean tampered = wire.tampered();
        boolean contradictory = wire.contradictory();
        wire.clear();
        Verdict verdict = session.answered(plan, answer, nowNanos);
        if (closed) {
            if (verdict.kind() != Verdict.Kind.IGNORED) {
                throw new InvariantBroken("I30", "an answer after closing is judged " + verdict);
            }
            return;
        }
        checkVerdict(verdict, tampered, contradictory);
        ledger.answered(plan, answer, verdict, nowNanos);
        Set<Object> seen = new HashSet<>();
        for (PartitionReport report : verdict.reports()) {
            if (!seen.add(report.partition())) {
                throw new InvariantBroken("I27", report.partition() + " is reported twice");
            }
            consumer.use(report);
        }
        consumer.fetchIsOver();
    }

    private static void checkVerdict(Verdict verdict, boolean tampered, boolean contradictory) {
        boolean doubted = verdict.kind() == Verdict.Kind.SESSION_MISMATCH
                || !verdict.doubts().isEmpty();
        if (doubted && !tampered) {
            throw new InvariantBroken("no false alarm", "an orderly answer is judged " + verdict);
        }
        if (contradictory && !doubted) {
            throw new InvariantBroken("no missed alarm", "an answer that contradicts the request is judged " + verdict);
        }
    }

    private void lose(boolean goesItsWay) {
        FetchPlan plan = wire.plan();
        if (goesItsWay) {
            wire.giveUp();
        } else {
            wire.clear();
        }
        session.failed(plan);
        consumer.fetchIsOver();
        if (!closed) {
            ledger.lost();
        }
    }

    private void close() {
        FetchPlan closing = session.close();
        closed = true;
        if (closing == null ? ledger.sessionId() > 0 : closing.sessionId() != ledger.sessionId()) {
            throw new InvariantBroken("I30", "closing session " + ledger.sessionId() + " is done by " + closing);
        }
        if (closing != null) {
            if (closing.epoch() != FetchPlan.FINAL_EPOCH) {
                throw new InvariantBroken("I30", "a session is closed by " + closing);
            }
            cluster.broker().fetch(closing, TERMS, nowNanos);
        }
    }

    // Steps of the broker.

    private void arrive(FetchPlan plan, boolean tampered) {
        wire.arrived(cluster.broker().fetch(plan, TERMS, nowNanos), tampered);
        cluster.tookFetch();
    }

    private void arriveLosing(int partition) {
        damaged.add(wire.plan().sessionId());
        arrive(brokenBroker.losing(partition), true);
    }

    private FetchAnswer answerOf(FetchUnderWay fetch) {
        return Objects.requireNonNull(fetch.answer(true, nowNanos), "a broker whose time is up answers");
    }

    private void answerSo(Step step) {
        if (step == Step.WRONG_SESSION_ID) {
            damaged.add(BrokenBroker.WRONG_SESSION_ID);
        }
        wire.tamper(brokenBroker.answerSo(step), brokenBroker.isContradictory(step));
    }

    private void dealWithStraggler() {
        FetchPlan straggler = wire.straggler();
        FetchUnderWay taken = wire.stragglerAtBroker();
        if (straggler != null) {
            taken = cluster.broker().fetch(straggler, TERMS, nowNanos);
            cluster.tookFetch();
        }
        wire.dropStraggler();
        answerOf(Objects.requireNonNull(taken));
    }

    private void restart() {
        if (ledger.sessionId() > 0) {
            damaged.add(ledger.sessionId());
        }
        cluster.endSessions();
        wire.dropStraggler();
        if (wire.phase() != Phase.IDLE) {
            lose(false);
        }
    }

    // The checks of every state.

    private void check() {
        boolean expected = wire.phase() != Phase.IDLE;
        if (session.outstanding() != expected) {
            String told = expected ? "awaits" : "does not await";
            throw new InvariantBroken("I6", "a request " + told + " its outcome, and not so here");
        }
        if (session instanceof VerifiedFetchSession verified) {
            checkBelief(verified.belief());
        }
    }

    private void checkBelief(SessionBelief belief) {
        if (closed) {
            if (belief.state() != SessionBelief.State.CLOSED || !belief.told().isEmpty()) {
                throw new InvariantBroken("I30", "after closing: " + belief);
            }
            return;
        }
        ledger.checkBelief(belief);
        if (belief.state() != SessionBelief.State.LIVE || belief.outstanding()) {
            return;
        }
        if (!damaged.contains(belief.sessionId()) && !ledger.agreesWith(cluster.broker())) {
            BrokerSession held = cluster.broker().sessions().get(belief.sessionId());
            throw new InvariantBroken(
                    "I11",
                    "the client believes " + belief + ", and the broker holds "
                            + (held == null ? "nothing" : held.held() + " at epoch " + held.epoch()));
        }
    }

    // Recovery after the faults.

    /** Ends every fault, writes one record to each partition, and exchanges until all is read; none if closed. */
    @Override
    public int recover(int most) {
        if (closed) {
            return 0;
        }
        wire.dropStraggler();
        cluster.provideSlots(true);
        cluster.appendToAll();
        for (int i = 0; i < SmallCluster.PARTITIONS; i++) {
            cluster.fail(i, false);
            consumer.pause(i, false);
        }
        for (int exchanges = 0; exchanges <= most; exchanges++) {
            consumer.refresh();
            if (consumer.hasReadAll()) {
                return exchanges;
            }
            exchange();
        }
        throw new InvariantBroken(
                "progress", "after " + most + " exchanges without a fault it is still at " + consumer + "; " + ledger);
    }

    private void exchange() {
        String before = consumer.toString();
        if (wire.phase() == Phase.IDLE) {
            nowNanos = Math.max(nowNanos, session.retryAtNanos());
            take(Step.SEND);
        }
        if (wire.phase() == Phase.REQUEST) {
            take(Step.ARRIVE);
        }
        if (wire.phase() == Phase.AT_BROKER) {
            take(Step.ANSWER);
        }
        take(Step.DELIVER);
        if (consumer.toString().equals(before) || consumer.anyRests()) {
            take(Step.TIME);
        }
    }

    @Override
    public Fingerprint.Key fingerprint() {
        SessionNumbers numbers = new SessionNumbers(cluster.broker(), nowNanos, WorldSettings.STEP_NANOS);
        Fingerprint print = new Fingerprint(numbers);
        print.add(session);
        if (!(session instanceof VerifiedFetchSession)) {
            // The shipped session exposes its belief, which is compared as well.
            ledger.describe(print);
        }
        consumer.describe(print);
        print.add(wire);
        cluster.describe(print);
        print.add(closed);
        print.add(damaged.contains(ledger.sessionId()));
        numbers.addSessions(print);
        return print.key();
    }

    /** Returns both sides in one line. */
    @Override
    public String toString() {
        return consumer + "; " + ledger + "; " + wire.phase();
    }
}
