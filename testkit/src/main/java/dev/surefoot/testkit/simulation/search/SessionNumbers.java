package dev.surefoot.testkit.simulation.search;

import dev.surefoot.core.records.Lease;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.testkit.simulation.model.BrokerSession;
import dev.surefoot.testkit.simulation.model.ModelBroker;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules for fingerprints of a session and its broker. Values whose shift does not change what follows are
 * recognised by their range and made relative:
 * <ul>
 * <li>times: only whether they are ahead, recent or at least one step of time ago,
 * <li>session ids: in the order in which they occur,
 * <li>epochs: how far they are from the one that the broker expects in the session named last.
 * </ul>
 */
final class SessionNumbers implements Fingerprint.Rules {
    /** Numbers from here on are times: the virtual clock starts above this. */
    static final long TIMES_FROM = 1L << 50;

    /** Numbers from here on are epochs, in worlds whose sessions start there. */
    static final int EPOCHS_FROM = 1_000_000;

    /** Numbers from here on are session ids. They are random, so hardly any is below. */
    private static final int SESSION_IDS_FROM = 2_000_000;

    /** Numbers from here on are the last epochs before the wrap-around, at which sessions behave differently. */
    private static final int EPOCHS_END_FROM = Integer.MAX_VALUE - 100;

    /** All fields but those that have no influence on what happens in a small world. */
    private static final Fingerprint.FieldChoice FIELDS = new Fingerprint.FieldChoice(Set.of(
            "createdNanos",
            "lastUsedNanos",
            "ageWhenUsed",
            "sizeWhenUsed",
            "enabled",
            "auditIntervalNanos",
            // Only told by the session's health, and without a bound: its states would be endless.
            "notGrantedInARow"));

    private final ModelBroker broker;
    private final long nowNanos;
    private final long stepNanos;
    private final List<Integer> sessionIds = new ArrayList<>();
    private @Nullable BrokerSession lastNamed;

    SessionNumbers(ModelBroker broker, long nowNanos, long stepNanos) {
        this.broker = broker;
        this.nowNanos = nowNanos;
        this.stepNanos = stepNanos;
    }

    /** Adds the broker's sessions that were named so far. */
    void addSessions(Fingerprint print) {
        for (int i = 0; i < sessionIds.size(); i++) {
            BrokerSession session = broker.sessions().get(sessionIds.get(i));
            print.mix(i);
            if (session != null) {
                print.add(session);
            }
        }
    }

    @Override
    public long relative(int value, @Nullable String field) {
        if (value >= SESSION_IDS_FROM && value < EPOCHS_END_FROM) {
            lastNamed = broker.sessions().get(value);
            if (!sessionIds.contains(value)) {
                sessionIds.add(value);
            }
            return -1_000L - sessionIds.indexOf(value);
        } else if (value >= EPOCHS_FROM && value < SESSION_IDS_FROM) {
            return lastNamed == null ? -500 : -100L + value - lastNamed.epoch();
        }
        return value;
    }

    @Override
    public long relative(long value, @Nullable String field) {
        if (Math.abs(value) < TIMES_FROM) {
            return value;
        } else if (value > nowNanos) {
            return -10;
        }
        return value < 0 || value <= nowNanos - stepNanos ? -12 : -11;
    }

    @Override
    public String relative(String text) {
        return text;
    }

    @Override
    public boolean add(Fingerprint print, Object value, @Nullable String field) {
        if (value instanceof Lease || value instanceof ModelBroker || value instanceof Backoff) {
            print.mix(3);
            return true;
        } else if (value instanceof FetchTarget target) {
            print.mix(target.fetchOffset());
            print.mix(((long) target.currentLeaderEpoch() << Integer.SIZE) | (target.lastFetchedEpoch() & 0xFFFFFFFFL));
            return true;
        }
        return false;
    }

    @Override
    public Fingerprint.FieldChoice fields() {
        return FIELDS;
    }

    @Override
    public boolean recognisesObjects() {
        return false;
    }
}
