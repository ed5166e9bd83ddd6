package dev.surefoot.core.guard;

import dev.surefoot.core.guard.Announcement.Affected;
import dev.surefoot.core.guard.Announcement.Kind;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Makes of what looks at partitions show the announcements of stalls: one for all partitions with a cause and a scope,
 * or for a consumer without partitions.
 * What programs are told follows every stall. What people read is limited, and the log is brought in line with the
 * truth as soon as the limits allow: a stall that lasts has a line, one that is over has a second line. Owned by the
 * loop's thread.
 */
public final class Episodes {
    /** The most stalls to remember after their end, so that those that begin again are known for the same. */
    private static final int ENDED_MAX = 4_096;

    /** The stall that a subject is part of, and where it stood when it became so. */
    private record Place(Episode episode, long position) {}

    private final Map<Subject, Place> places = new HashMap<>();
    private final Map<Episode.Key, Episode> ofKey = new HashMap<>();
    /** Those that last, and those whose end has yet to be said. */
    private final Set<Episode> active = new LinkedHashSet<>();

    private final Set<Episode> ended = new LinkedHashSet<>();
    private final Notes notes = new Notes();
    private final LineLimit limit = new LineLimit();
    private final List<Announcement> news = new ArrayList<>();
    private long numbers;

    /** The brokers that looks of the present round have named. */
    private final Set<Integer> named = new HashSet<>();

    private Set<Integer> brokersInTrouble = Set.of();

    Episodes() {}

    // Looks.

    /** Takes note of what a look at a partition has shown. */
    void look(PartitionLedger ledger, Conclusion conclusion, Severity severity, long nowNanos) {
        Subject subject = new Subject.OfPartition(ledger.tracked().partition());
        if (severity != Severity.FINE && conclusion.scope() instanceof Scope.Broker broker) {
            named.add(broker.id());
        }
        if (concerns(subject, conclusion, severity)) {
            seen(
                    new Sight(
                            subject,
                            conclusion,
                            severity,
                            ledger.consumed(),
                            ledger.patienceNanos(),
                            ledger.named().sinceNanos(),
                            nowNanos - ledger.named().troubleAgeNanos(ledger.patienceNanos(), nowNanos)),
                    nowNanos);
        }
    }

    /** Takes note of what a look at a consumer without partitions has shown; null says that it has some. */
    void look(@Nullable Sight sight, long nowNanos) {
        if (sight == null) {
            leave(Subject.CONSUMER, nowNanos);
        } else if (sight.isStall() || places.containsKey(Subject.CONSUMER)) {
            seen(sight, nowNanos);
        }
    }

    /** Whether a look at the subject matters here. */
    boolean concerns(Subject subject, Conclusion conclusion, Severity severity) {
        return severity.compareTo(Severity.STALLED) >= 0
                || places.containsKey(subject)
                || subject.partition()
                        .filter(partition -> notes.concerns(partition, conclusion.cause()))
                        .isPresent();
    }

    void seen(Sight sight, long nowNanos) {
        sight.subject().partition().ifPresent(partition -> notes.seen(partition, sight, nowNanos));
        Place place = places.get(sight.subject());
        if (sight.isStall()) {
            stalls(place == null ? null : place.episode(), sight, nowNanos);
        } else if (place != null && !stillIn(place, sight)) {
            places.remove(sight.subject());
            long leftNanos = Math.min(nowNanos, Math.max(sight.movedNanos(), sight.causeNanos()));
            place.episode().leave(sight.subject(), sight.conclusion().cause(), sight.position(), leftNanos);
        }
    }

    private void stalls(@Nullable Episode current, Sight sight, long nowNanos) {
        Episode.Key key = Episode.Key.of(sight.conclusion());
        if (current != null && current.key().equals(key)) {
            current.stays(sight);
            return;
        }
        if (current != null) {
            current.leave(sight.subject(), key.cause(), sight.position(), nowNanos);
        }
        Episode episode = ofKey.get(key);
        if (episode == null) {
            episode = new Episode(++numbers, sight);
            ofKey.put(key, episode);
        } else if (!episode.isOpen()) {
            episode.reopen(numbers + 1, sight, nowNanos);
            numbers++;
            ended.remove(episode);
        }
        active.add(episode);
        episode.join(sight);
        places.put(sight.subject(), new Place(episode, sight.position()));
    }

    /** Patience that begins anew, as with another leader, does not end a stall; progress and another cause do. */
    private static boolean stillIn(Place place, Sight sight) {
        return sight.severity() == Severity.WAITING
                && place.episode().key().equals(Episode.Key.of(sight.conclusion()))
                && place.position() == sight.position();
    }

    /** The partition is not assigned any more. */
    void gone(TopicPartition partition, long nowNanos) {
        notes.gone(partition);
        leave(new Subject.OfPartition(partition), nowNanos);
    }

    private void leave(Subject subject, long nowNanos) {
        Place place = places.remove(subject);
        if (place != null) {
            place.episode().leave(subject, null, place.position(), nowNanos);
        }
    }

    /** Takes over what concerns the consumer as a whole. */
    void concerned(List<ConsumerFinding.Named> concerns) {
        notes.concerned(concerns);
    }

    // Announcements.

    /** Whether nothing lasts, and nothing has yet to be said. */
    boolean isSettled() {
        return active.isEmpty();
    }

    /** Announces what the looks of this round have shown. */
    void settle(long nowNanos) {
        brokersInTrouble = Set.copyOf(named);
        named.clear();
        for (Episode episode : active) {
            if (episode.isNew()) {
                episode.announce();
                news.add(episode.announcement(Kind.STALLED, nowNanos, 0));
            } else if (episode.isToEnd(nowNanos)) {
                episode.end();
                news.add(episode.announcement(Kind.ENDED, nowNanos, 0));
                if (episode.isHeldBack()) {
                    limit.holdBack();
                }
            }
        }
        sayStalls(nowNanos);
        sayEnds(nowNanos);
        notes.settle(limit, news, nowNanos);
        forget(nowNanos);
    }

    private void sayStalls(long nowNanos) {
        for (List<Episode> line : lines(episode -> episode.isToBeSaid(nowNanos))) {
            if (!limit.grant(nowNanos)) {
                return;
            }
            line.forEach(episode -> episode.said(nowNanos));
            news.add(together(line, Kind.LINE_OF_STALL, nowNanos));
        }
    }

    private void sayEnds(long nowNanos) {
        for (List<Episode> line : lines(Episode::isEndToBeSaid)) {
            if (!limit.grant(nowNanos)) {
                return;
            }
            news.add(together(line, Kind.LINE_OF_END, nowNanos));
            line.forEach(Episode::endSaid);
        }
    }

    /** Those that are due, with stalls of single partitions put together that have the same cause. */
    private List<List<Episode>> lines(Predicate<Episode> due) {
        record Line(
                StallCause cause,
                @Nullable StallCause next,
                @Nullable Episode single) {}
        Map<Line, List<Episode>> lines = new LinkedHashMap<>();
        for (Episode episode : active) {
            if (due.test(episode)) {
                Line line = new Line(episode.cause(), episode.next(), episode.isOfOnePartition() ? null : episode);
                lines.computeIfAbsent(line, key -> new ArrayList<>()).add(episode);
            }
        }
        return List.copyOf(lines.values());
    }

    private Announcement together(List<Episode> line, Kind kind, long nowNanos) {
        Episode first = line.get(0);
        int count = line.stream().mapToInt(Episode::count).sum();
        List<TopicPartition> names = line.stream()
                .flatMap(episode -> episode.names().stream())
                .limit(Affected.NAMES_MAX)
                .toList();
        Affected affected = new Affected(count, names, first.position());
        return first.announcement(kind, affected, nowNanos, limit.takeHeldBack());
    }

    private void forget(long nowNanos) {
        for (Iterator<Episode> each = active.iterator(); each.hasNext(); ) {
            Episode episode = each.next();
            if (!episode.isOpen() && !episode.isEndToBeSaid()) {
                each.remove();
                ended.add(episode);
            }
        }
        Iterator<Episode> oldest = ended.iterator();
        while (oldest.hasNext()) {
            Episode episode = oldest.next();
            if (!episode.isForgotten(nowNanos) && ended.size() <= ENDED_MAX) {
                return;
            }
            oldest.remove();
            ofKey.remove(episode.key());
        }
    }

    /** Returns and clears the announcements since the last call, in order. */
    public List<Announcement> takeNews() {
        if (news.isEmpty()) {
            return List.of();
        }
        List<Announcement> taken = List.copyOf(news);
        news.clear();
        return taken;
    }

    /** The brokers that are named as the cause of trouble of an assigned partition, as of the last round. */
    public Set<Integer> brokersInTrouble() {
        return brokersInTrouble;
    }
}
