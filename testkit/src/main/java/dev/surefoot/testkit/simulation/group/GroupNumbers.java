package dev.surefoot.testkit.simulation.group;

import dev.surefoot.core.group.GroupSettings;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.core.time.Deadline;
import dev.surefoot.testkit.simulation.coordinator.GroupReply;
import dev.surefoot.testkit.simulation.search.Fingerprint;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The rules for fingerprints of a small group. Values whose shift does not change what follows are made relative:
 * <ul>
 * <li>times: how many steps of time ahead, as nothing looks at a clock between two steps; one that has passed counts
 *     only where a duration is added to it,
 * <li>epochs and generations: how far they are from the coordinator's newest,
 * <li>member ids that a coordinator made, incarnations, tokens and other numbers that are compared for equality alone:
 *     in the order in which they occur.
 * </ul>
 */
final class GroupNumbers implements Fingerprint.Rules {
    /** Numbers from here on are milliseconds of virtual time. */
    static final long MILLIS_FROM = 1L << 39;

    /** Numbers from here on are nanoseconds of virtual time. */
    private static final long NANOS_FROM = 1L << 52;

    private static final int EPOCHS_RANGE = 1_000_000;
    private static final int AHEAD_MAX = 40;
    private static final int AGE_MAX = 12;

    /** An id that a coordinator makes: that of the client, and a random UUID. */
    private static final Pattern MADE_ID = Pattern.compile("m[01]-[0-9a-f]{8}-[0-9a-f-]{27}");

    /** Fields to which a duration is added, so that it matters how long ago they are. */
    private static final Set<String> AGES = Set.of("sentNanos", "askedNanos");

    /** Fields that are compared for equality alone. */
    private static final Set<String> NAMES = Set.of(
            "incarnation",
            "endedIncarnation",
            "number",
            "noticedNumber",
            "reconciledNumber",
            "targetNumber",
            "id",
            "commitId");

    /** How much of a number of failures makes a difference, other than for the length of a back-off. */
    private static final Map<String, Integer> CAPPED = Map.of(
            "failures",
            2,
            "fencings",
            3,
            "atOnce",
            3,
            "answers",
            2,
            "joins",
            0,
            "unconfirmed",
            0,
            "findings",
            0,
            "refreshes",
            0);

    private static final Fingerprint.FieldChoice FIELDS = new Fingerprint.FieldChoice(Set.of(
            // Texts for people, and reports.
            "reason",
            "joinReason",
            "endedBy",
            "errorMessage",
            "report",
            "startNanos",
            "leaseStartNanos",
            "sentAtNanos",
            "heldSinceMs",
            "revokingSinceMs",
            "assignedAtMs",
            "committedAtMs",
            // Counters of which only the present value, which is elsewhere, makes a difference.
            "issued",
            "token",
            "targets",
            "lookups",
            "commits",
            "numbers",
            "Timer.number",
            "Entry.number",
            "byKey",
            // Rings, which are added from their oldest entry on.
            "JoinRetries.sentNanos",
            "JoinRetries.oldest",
            "ConsumerHeartbeatTimer.countsUntilNanos",
            "ConsumerHeartbeatTimer.oldest",
            // The same for all states.
            "world",
            "settings",
            "timing",
            "SmallApplication.commits"));

    private final long nowMs;
    private final int newestEpoch;
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<String, Map<Long, Integer>> names = new TreeMap<>();
    private long outstandingToken = -1;

    GroupNumbers(long nowMs, int newestEpoch) {
        this.nowMs = nowMs;
        this.newestEpoch = newestEpoch;
    }

    /** What follows is another member, which counts by itself. */
    void beginMember() {
        names.clear();
        outstandingToken = -1;
    }

    @Override
    public long relative(int value, @Nullable String field) {
        if (value >= SmallGroup.FIRST_EPOCH && value < SmallGroup.FIRST_EPOCH + EPOCHS_RANGE) {
            return -1_000L + value - newestEpoch;
        }
        Integer most = field == null ? null : CAPPED.get(field);
        return most == null ? value : Math.min(value, most);
    }

    @Override
    public long relative(long value, @Nullable String field) {
        if (value == Deadline.NEVER) {
            return -2_000;
        } else if (value >= NANOS_FROM) {
            return steps(value, nowMs * 1_000_000L, SmallGroup.TICK_NANOS, field);
        } else if (value >= MILLIS_FROM) {
            return steps(value, nowMs, SmallGroup.TICK_MS, field);
        } else if (field != null && NAMES.contains(field) && value > 0) {
            Map<Long, Integer> known = names.computeIfAbsent(kind(field), kind -> new HashMap<>());
            return -3_000L - known.computeIfAbsent(value, added -> known.size());
        }
        return value;
    }

    private static String kind(String field) {
        return switch (field) {
            case "endedIncarnation" -> "incarnation";
            case "noticedNumber", "reconciledNumber", "targetNumber" -> "number";
            case "commitId" -> "id";
            default -> field;
        };
    }

    private static long steps(long time, long now, long step, @Nullable String field) {
        if (time > now) {
            return -4_000L - Math.min(AHEAD_MAX, (time - now + step - 1) / step);
        } else if (time == now) {
            return -4_000;
        }
        boolean isAge = field != null && AGES.contains(field);
        return -4_100L - (isAge ? Math.min(AGE_MAX, (now - time + step - 1) / step) : 0);
    }

    @Override
    public String relative(String text) {
        if (text.indexOf("m0-") < 0 && text.indexOf("m1-") < 0) {
            return text;
        }
        Matcher matcher = MADE_ID.matcher(text);
        return matcher.replaceAll(found -> "#" + ids.computeIfAbsent(found.group(), added -> ids.size()));
    }

    @Override
    public boolean add(Fingerprint print, Object value, @Nullable String field) {
        if (isConstant(value)) {
            print.mix(3);
        } else if (value instanceof Node node) {
            print.mix(node.id());
        } else if (value instanceof Throwable || value instanceof Class<?>) {
            print.mix(value.getClass().getName().hashCode());
        } else if (value instanceof OffsetAndMetadata offset) {
            print.mix(offset.offset());
        } else if (value instanceof Bytes bytes) {
            addBytes(print, bytes.get(), field);
        } else if (value instanceof byte[] bytes) {
            addBytes(print, bytes, field);
        } else {
            return addOfCore(print, value);
        }
        return true;
    }

    /** A coordinator's reply is that to the one request which the member awaits an answer to, or to nobody. */
    private static boolean isConstant(Object value) {
        return value instanceof Backoff
                || value instanceof SplittableRandom
                || value instanceof SmallGroup
                || value instanceof GroupSettings
                || value instanceof GroupReply
                || value instanceof Consumer<?>;
    }

    private static void addBytes(Fingerprint print, byte[] bytes, @Nullable String field) {
        boolean isSubscription = field != null && (field.equals("metadata") || field.equals("subscription"));
        if (isSubscription && bytes.length > 0) {
            Subscription said = ConsumerProtocol.deserializeSubscription(ByteBuffer.wrap(bytes));
            print.add(said.topics());
            print.add(said.ownedPartitions());
            print.add(said.generationId().orElse(-1).intValue());
        } else {
            print.mix(Arrays.hashCode(bytes));
        }
    }

    /** Classes of the core that no other package sees. */
    private boolean addOfCore(Fingerprint print, Object value) {
        switch (value.getClass().getSimpleName()) {
            case "Tokens" -> {
                outstandingToken = number(value, "outstanding");
                print.mix(outstandingToken == 0 ? 0 : 1);
                return true;
            }
            case "Revoked", "Assigned", "AssignmentWanted" -> {
                print.mix(number(value, "token") == outstandingToken ? 1 : 0);
                return false;
            }
            case "JoinRetries" -> addRing(print, value, "sentNanos");
            case "ConsumerHeartbeatTimer" -> addRing(print, value, "countsUntilNanos");
            case "RebalanceReport" -> {
                return true;
            }
            default -> {
                return false;
            }
        }
        return false;
    }

    private void addRing(Fingerprint print, Object value, String name) {
        long[] ring = (long[]) field(value, name);
        int oldest = (int) number(value, "oldest");
        List<Long> inOrder = new ArrayList<>();
        for (int i = 0; i < ring.length; i++) {
            long entry = ring[(oldest + i) % ring.length];
            inOrder.add(entry < NANOS_FROM ? NANOS_FROM : entry);
        }
        inOrder.forEach(entry -> print.mix(relative(entry.longValue(), null)));
    }

    private static long number(Object value, String name) {
        return ((Number) field(value, name)).longValue();
    }

    private static Object field(Object value, String name) {
        try {
            Field field = value.getClass().getDeclaredField(name);
            field.setAccessible(true);
            Object read = field.get(value);
            if (read == null) {
                throw new IllegalStateException(field + " is null");
            }
            return read;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(value.getClass() + " has another field than " + name, e);
        }
    }

    @Override
    public Fingerprint.FieldChoice fields() {
        return FIELDS;
    }

    @Override
    public boolean recognisesObjects() {
        return true;
    }
}
