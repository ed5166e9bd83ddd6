package dev.surefoot.testkit.simulation.search;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.testkit.simulation.model.FetchUnderWay;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The state of the one fetch that can be in flight, and of one on which the client has timed out. */
final class Wire {
    /** The progress of the fetch. */
    enum Phase {
        IDLE,
        REQUEST,
        AT_BROKER,
        ANSWER
    }

    private Phase phase = Phase.IDLE;
    private @Nullable FetchPlan plan;
    private @Nullable FetchUnderWay atBroker;
    private @Nullable FetchAnswer answer;
    /** Whether this exchange was changed in transit, so that the client may reject it. */
    private boolean tampered;

    private boolean contradictory;

    private @Nullable FetchPlan straggler;
    private @Nullable FetchUnderWay stragglerAtBroker;

    Phase phase() {
        return phase;
    }

    FetchPlan plan() {
        return Objects.requireNonNull(plan);
    }

    FetchUnderWay atBroker() {
        return Objects.requireNonNull(atBroker);
    }

    FetchAnswer answer() {
        return Objects.requireNonNull(answer);
    }

    boolean tampered() {
        return tampered;
    }

    void send(FetchPlan sent) {
        phase = Phase.REQUEST;
        plan = sent;
    }

    void arrived(FetchUnderWay taken, boolean changed) {
        phase = Phase.AT_BROKER;
        atBroker = taken;
        tampered |= changed;
    }

    void answered(FetchAnswer said) {
        phase = Phase.ANSWER;
        atBroker = null;
        answer = said;
    }

    void tamper(FetchAnswer changed, boolean showsIt) {
        answer = changed;
        tampered = true;
        contradictory = showsIt;
    }

    /** Returns whether the answer contradicts the request, so that the client must detect it. */
    boolean contradictory() {
        return contradictory;
    }

    /** Ends the exchange for the client. */
    void clear() {
        phase = Phase.IDLE;
        plan = null;
        atBroker = null;
        answer = null;
        tampered = false;
        contradictory = false;
    }

    boolean hasStraggler() {
        return straggler != null || stragglerAtBroker != null;
    }

    /** Ends the client's wait; the request stays in transit. */
    void giveUp() {
        if (phase == Phase.REQUEST) {
            straggler = plan;
        } else {
            stragglerAtBroker = atBroker;
        }
        clear();
    }

    @Nullable FetchPlan straggler() {
        return straggler;
    }

    @Nullable FetchUnderWay stragglerAtBroker() {
        return stragglerAtBroker;
    }

    void dropStraggler() {
        straggler = null;
        stragglerAtBroker = null;
    }
}
