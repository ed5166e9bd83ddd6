package dev.surefoot.core.guard;

import dev.surefoot.core.guard.Announcement.Affected;
import dev.surefoot.core.guard.Announcement.Kind;
import dev.surefoot.core.guard.Announcement.Stalling;
import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.StallCause;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The stall of all partitions with one cause and scope, or of a consumer without partitions, from its beginning until
 * it is forgotten.
 */
final class Episode {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long MINUTE_NANOS = 60 * SECOND_NANOS;

    /** A stall has ended when it has been gone for this long. */
    private static final long GONE_NANOS = 5 * SECOND_NANOS;

    /** A stall that begins again this soon after its end is the same one. */
    private static final long RELAPSE_NANOS = MINUTE_NANOS;

    /** The time between two warnings of the same: after the first, the second, and all later ones. */
    private static final List<Long> REPEAT_NANOS = List.of(5 * MINUTE_NANOS, 15 * MINUTE_NANOS, 60 * MINUTE_NANOS);

    /** How long after a repetition would be allowed the limit of repetitions begins anew. */
    private static final long FORGOTTEN_NANOS = 60 * MINUTE_NANOS;

    /** What makes two stalls the same. */
    record Key(StallCause cause, Scope scope) {
        static Key of(Conclusion conclusion) {
            return new Key(conclusion.cause(), conclusion.scope());
        }
    }

    private final Key key;
    private final Set<Subject> members = new LinkedHashSet<>();
    private long number;
    private int flaps;
    private Sight first;
    private int most;
    private List<TopicPartition> names = List.of();
    private long sinceNanos;
    private boolean announced;
    private boolean open = true;
    /** When the last member left, or the stall ended. */
    private long goneNanos;

    private @Nullable StallCause next;

    private boolean said;
    private int warnings;
    private long warnedNanos;

    Episode(long number, Sight first) {
        this.key = Key.of(first.conclusion());
        this.number = number;
        this.first = first;
        this.sinceNanos = first.stillNanos();
    }

    Key key() {
        return key;
    }

    // What stands still.

    void join(Sight sight) {
        if (members.isEmpty() && announced && open) {
            flaps++;
        }
        if (members.isEmpty()) {
            first = sight;
        }
        members.add(sight.subject());
        most = Math.max(most, partitions());
    }

    /** Takes over the evidence of the first partition as it is now. */
    void stays(Sight sight) {
        if (sight.subject().equals(first.subject()) || !members.contains(first.subject())) {
            first = sight;
        }
    }

    /**
     * A subject has left.
     *
     * @param now the cause that it has now, or null if there is none: a partition is not assigned any more, or the
     *     consumer has partitions again
     */
    void leave(Subject subject, @Nullable StallCause now, long position, long leftNanos) {
        members.remove(subject);
        if (subject.equals(first.subject())) {
            first = new Sight(
                    subject,
                    first.conclusion(),
                    first.severity(),
                    position,
                    first.movedNanos(),
                    first.causeNanos(),
                    first.stillNanos());
        }
        if (members.isEmpty()) {
            goneNanos = leftNanos;
            next = now;
        }
    }

    // Its course.

    boolean isOpen() {
        return open;
    }

    boolean isNew() {
        return open && !announced;
    }

    void announce() {
        announced = true;
        remember();
    }

    private void remember() {
        if (!members.isEmpty()) {
            List<TopicPartition> some = new ArrayList<>(Affected.NAMES_MAX);
            first.subject().partition().ifPresent(some::add);
            members.stream()
                    .filter(member -> !member.equals(first.subject()))
                    .flatMap(member -> member.partition().stream())
                    .limit(Affected.NAMES_MAX - some.size())
                    .forEach(some::add);
            names = List.copyOf(some);
        }
    }

    boolean isToEnd(long nowNanos) {
        return open && members.isEmpty() && nowNanos - goneNanos >= GONE_NANOS;
    }

    void end() {
        open = false;
    }

    /** Begins again; as another episode if the last one ended a while ago. */
    void reopen(long newNumber, Sight sight, long nowNanos) {
        boolean relapse = nowNanos - goneNanos <= GONE_NANOS + RELAPSE_NANOS;
        number = relapse ? number : newNumber;
        flaps = relapse ? flaps + 1 : 0;
        sinceNanos = sight.stillNanos();
        most = 0;
        announced = false;
        open = true;
        next = null;
    }

    // Its lines.

    /** Whether there is to be a line that it lasts. */
    boolean isToBeSaid(long nowNanos) {
        return open
                && announced
                && !members.isEmpty()
                && !said
                && !isSaidElsewhere(key.cause(), evidence())
                && (warnings == 0 || nowNanos - warnedNanos >= repeatNanos());
    }

    /**
     * Whether the log of connections says it, which does so at once and also without an assignment: what is wrong with
     * the credentials, with TLS, or with all bootstrap servers.
     */
    private static boolean isSaidElsewhere(StallCause cause, Evidence evidence) {
        boolean ofBootstrap = evidence instanceof Evidence.Link link && link.nodeId() < 0;
        return ofBootstrap || cause == StallCause.AUTHENTICATION_FAILING || cause == StallCause.TLS_FAILING;
    }

    private long repeatNanos() {
        return REPEAT_NANOS.get(Math.min(warnings, REPEAT_NANOS.size()) - 1);
    }

    /** Whether there is to be a line that it has ended. */
    boolean isEndToBeSaid() {
        return !open && said;
    }

    /** Whether it has ended without a line. */
    boolean isHeldBack() {
        return !open && !said && !isSaidElsewhere(key.cause(), evidence());
    }

    void said(long nowNanos) {
        said = true;
        warnings++;
        warnedNanos = nowNanos;
        remember();
    }

    void endSaid() {
        said = false;
    }

    /** Whether all that limits its lines has passed. */
    boolean isForgotten(long nowNanos) {
        return nowNanos - goneNanos > GONE_NANOS + RELAPSE_NANOS
                && (warnings == 0 || nowNanos - warnedNanos > repeatNanos() + FORGOTTEN_NANOS);
    }

    // What is said of it.

    StallCause cause() {
        return key.cause();
    }

    @Nullable StallCause next() {
        return next;
    }

    boolean isOfOnePartition() {
        return key.scope() instanceof Scope.Partition;
    }

    private Evidence evidence() {
        return first.conclusion().evidence();
    }

    /** How many partitions stand still, or have stood still at a time; 0 if it is the consumer that has none. */
    int count() {
        return open && !members.isEmpty() ? partitions() : most;
    }

    private int partitions() {
        return members.size() - (members.contains(Subject.CONSUMER) ? 1 : 0);
    }

    List<TopicPartition> names() {
        return names;
    }

    Announcement announcement(Kind kind, long nowNanos, long heldBack) {
        return announcement(kind, new Affected(count(), names, first.position()), nowNanos, heldBack);
    }

    Announcement announcement(Kind kind, Affected affected, long nowNanos, long heldBack) {
        Conclusion conclusion = first.conclusion();
        Stalling stalling = new Stalling(
                number, key.cause(), first.severity(), key.scope(), conclusion.evidence(), conclusion.hidden(), flaps);
        return new Announcement(kind, stalling, affected, sinceNanos, open ? nowNanos : goneNanos, next, heldBack);
    }

    /** The position of the first partition, or -1. */
    long position() {
        return first.position();
    }
}
