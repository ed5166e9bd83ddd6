package dev.surefoot.testkit.simulation.search;

import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.VerifiedFetchSession;
import dev.surefoot.core.time.Backoff;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * The configuration of a small world. A new world is made for each path, so the same steps must lead to the same state.
 *
 * @param sessions makes the client's half of the session
 * @param firstEpoch the epoch after that of the request that opens a session, on both sides; 1 by the protocol
 * @param judgesPlans whether each plan is compared with what the client can know, which shows a mistake at the first
 *     request that has it; otherwise only its consequences count
 */
public record WorldSettings(Supplier<FetchSession> sessions, int firstEpoch, boolean judgesPlans) {
    /** One step of virtual time. It is the audit interval, and longer than any back-off. */
    static final long STEP_NANOS = 1_000;

    private static final long BACKOFF_NANOS = 100;

    /**
     * Returns settings with the shipped session. Its epochs are far from both ends of their range, so that numbers can
     * be recognised by their size.
     */
    public static WorldSettings shipped() {
        return shipped(SessionNumbers.EPOCHS_FROM);
    }

    /** Returns settings with the shipped session, whose epochs begin at this one. */
    public static WorldSettings shipped(int firstEpoch) {
        return new WorldSettings(
                () -> new VerifiedFetchSession(
                        true,
                        STEP_NANOS,
                        new Backoff(BACKOFF_NANOS, BACKOFF_NANOS, new SplittableRandom(1)),
                        firstEpoch),
                firstEpoch,
                true);
    }

    /** Returns settings with another session, whose epochs begin at 1. */
    public static WorldSettings of(Supplier<FetchSession> sessions) {
        return new WorldSettings(sessions, 1, true);
    }

    /** Returns the same settings, except that a mistake counts only when it has a consequence. */
    public WorldSettings judgingOutcomesOnly() {
        return new WorldSettings(sessions, firstEpoch, false);
    }
}
