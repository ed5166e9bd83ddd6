package dev.surefoot.testkit.group;

import dev.surefoot.testkit.check.SequencedRecord;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Who owns which partition of a group and what each owner has processed, told by the members themselves. Finds what a
 * group must never do:
 *
 * <ul>
 * <li>deliver a record to a member that does not own its partition,
 * <li>deliver a record twice or out of order within one ownership, or skip one there,
 * <li>begin an ownership behind a record that nobody has processed,
 * <li>deliver what was aborted, or never deliver what was acknowledged.
 * </ul>
 *
 * <p>Members tell that they have processed a record before they commit it. Safe from any thread.
 */
public final class GroupLedger {
    private static final int VIOLATIONS_KEPT = 20;

    private final String group;
    private final GroupStory story;
    private final Map<TopicPartition, List<Ownership>> ownerships = new HashMap<>();
    private final Map<String, Map<TopicPartition, Ownership>> current = new TreeMap<>();
    private final Map<TopicPartition, BitSet> processed = new HashMap<>();
    private final List<String> violations = new ArrayList<>();

    public GroupLedger(String group, GroupStory story) {
        this.group = group;
        this.story = story;
    }

    public String group() {
        return group;
    }

    public GroupStory story() {
        return story;
    }

    /** Notes that the listener of this member was told that it has these partitions, too. */
    public synchronized void assigned(String member, Collection<TopicPartition> partitions, String identity) {
        story.tell(member, "is assigned " + names(partitions) + " as " + identity);
        Map<TopicPartition, Ownership> own = current.computeIfAbsent(member, name -> new HashMap<>());
        for (TopicPartition partition : partitions) {
            current.forEach((other, theirs) -> {
                Ownership older = theirs.get(partition);
                if (older != null && !other.equals(member)) {
                    older.overlapped = true;
                }
            });
            Ownership ownership = new Ownership(member, partition, story.nowMs());
            if (own.put(partition, ownership) != null) {
                violated(member + " is assigned " + partition + ", which it owns");
            }
            ownerships.computeIfAbsent(partition, name -> new ArrayList<>()).add(ownership);
        }
    }

    /** Notes that the listener of this member was told, at this moment, that it does not have these any more. */
    public synchronized void ended(String member, Collection<TopicPartition> partitions, Ownership.End how) {
        story.tell(member, "has these " + how.name().toLowerCase(Locale.ROOT) + ": " + names(partitions));
        Map<TopicPartition, Ownership> own = current.getOrDefault(member, Map.of());
        for (TopicPartition partition : partitions) {
            Ownership ownership = own.remove(partition);
            if (ownership == null) {
                violated(member + " gives up " + partition + ", which it does not own");
            } else {
                ownership.ends(how, story.nowMs());
            }
        }
    }

    /** The process of this member has died. */
    public synchronized void crashed(String member) {
        ended(member, Set.copyOf(current.getOrDefault(member, Map.of()).keySet()), Ownership.End.CRASHED);
        current.remove(member);
    }

    /** This member is closed: it owns nothing any more. */
    public synchronized void closed(String member) {
        Map<TopicPartition, Ownership> own = current.remove(member);
        if (own != null && !own.isEmpty()) {
            violated(member + " was closed without being told of the end of " + names(own.keySet()));
        }
    }

    /** Notes that the member has processed a record that poll returned to it. */
    public synchronized void processed(String member, ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        int sequence = Math.toIntExact(SequencedRecord.sequenceOf(record));
        String what = partition + " offset " + record.offset() + " sequence " + sequence;
        Ownership ownership = current.getOrDefault(member, Map.of()).get(partition);
        if (ownership == null) {
            violated(member + " is given " + what + " and does not own the partition");
            return;
        }
        BitSet all = processed.computeIfAbsent(partition, name -> new BitSet());
        if (ownership.firstOffset < 0) {
            ownership.firstOffset = record.offset();
            ownership.processedBefore = (BitSet) all.clone();
        } else if (sequence <= ownership.lastSequence || record.offset() <= ownership.lastOffset) {
            violated(what + " comes " + (ownership.processed.get(sequence) ? "again" : "out of order") + " to "
                    + ownership);
        }
        ownership.lastOffset = record.offset();
        ownership.lastSequence = sequence;
        ownership.processed.set(sequence);
        all.set(sequence);
    }

    /** Notes that a member of which no more is known has processed a record. */
    public synchronized void processedElsewhere(TopicPartition partition, int sequence) {
        processed.computeIfAbsent(partition, name -> new BitSet()).set(sequence);
    }

    private void violated(String what) {
        story.tell("!", what);
        if (violations.size() < VIOLATIONS_KEPT) {
            violations.add(group + ": " + what);
        }
    }

    /** Whether each of these partitions is owned by one member and no more, of so many members. */
    public synchronized boolean isShared(Set<TopicPartition> partitions, int members) {
        List<TopicPartition> owned =
                current.values().stream().flatMap(own -> own.keySet().stream()).toList();
        return current.size() == members && owned.size() == partitions.size() && partitions.equals(Set.copyOf(owned));
    }

    /** What is not right, one text each; a record that is not processed yet is no violation. */
    public synchronized List<String> violations(Written written) {
        List<String> found = new ArrayList<>(violations);
        ownerships.forEach((partition, theirs) -> {
            BitSet acknowledged = written.acknowledged(partition);
            theirs.stream()
                    .filter(ownership -> ownership.firstOffset >= 0)
                    .forEach(ownership -> judge(ownership, acknowledged, found));
        });
        processed.forEach((partition, sequences) -> {
            BitSet aborted = written.aborted(partition);
            aborted.and(sequences);
            if (!aborted.isEmpty()) {
                found.add(group + ": " + partition + ": aborted and delivered all the same: " + aborted);
            }
        });
        return found;
    }

    private void judge(Ownership ownership, BitSet acknowledged, List<String> found) {
        BitSet before = (BitSet) acknowledged.clone();
        before.clear(ownership.firstSequence(), Integer.MAX_VALUE);
        before.andNot(ownership.processedBefore);
        if (!before.isEmpty()) {
            found.add(group + ": " + ownership + " begins behind " + before.cardinality()
                    + " records that nobody had processed, from sequence " + before.nextSetBit(0) + " on");
        }
        BitSet within = (BitSet) acknowledged.clone();
        within.clear(0, ownership.firstSequence());
        within.clear(ownership.lastSequence, Integer.MAX_VALUE);
        within.andNot(ownership.processed);
        if (!within.isEmpty()) {
            found.add(group + ": " + ownership + " skips " + within);
        }
    }

    /** The acknowledged records that nobody has processed yet, as text by partition; empty if there is none. */
    public synchronized Map<String, String> missing(Written written) {
        Map<String, String> missing = new TreeMap<>();
        for (TopicPartition partition : written.partitions()) {
            BitSet left = written.acknowledged(partition);
            left.andNot(processed.getOrDefault(partition, new BitSet()));
            if (!left.isEmpty()) {
                missing.put(
                        partition.toString(),
                        left.cardinality() + " records from sequence " + left.nextSetBit(0) + " on");
            }
        }
        return missing;
    }

    /** How many records were processed again by a later ownership. */
    public synchronized long repetitions() {
        return deliveries() - recordsProcessed();
    }

    /** How many different records were processed. */
    public synchronized long recordsProcessed() {
        return processed.values().stream().mapToLong(BitSet::cardinality).sum();
    }

    private long deliveries() {
        return ownerships.values().stream()
                .flatMap(List::stream)
                .mapToLong(one -> one.processed.cardinality())
                .sum();
    }

    /** The partitions that this member owns now, as a copy. */
    public synchronized Set<TopicPartition> owned(String member) {
        return Set.copyOf(current.getOrDefault(member, Map.of()).keySet());
    }

    /** How many ownerships there have been. */
    public synchronized int ownershipCount() {
        return ownerships.values().stream().mapToInt(List::size).sum();
    }

    /** How many ownerships there were, how they ended, and how many records they delivered, repetitions included. */
    public synchronized String summary() {
        List<Ownership> all = ownerships.values().stream().flatMap(List::stream).toList();
        Map<String, Long> ends = all.stream()
                .collect(Collectors.groupingBy(
                        one -> one.end + (one.overlapped ? " overlapped" : ""), TreeMap::new, Collectors.counting()));
        return group + ": " + all.size() + " ownerships " + ends + ", " + recordsProcessed() + " records, "
                + repetitions() + " of them again after a hand-over";
    }

    /** The whole story: what happened when, and who owned what. */
    public synchronized String text() {
        StringBuilder text = new StringBuilder("The story of " + group + "\n");
        story.lines().forEach(line -> text.append(line).append('\n'));
        new TreeMap<>(ownerships.entrySet().stream()
                        .collect(Collectors.toMap(each -> each.getKey().toString(), Map.Entry::getValue)))
                .values()
                .forEach(theirs -> theirs.forEach(one -> text.append(one).append('\n')));
        return text.toString();
    }

    private static String names(Collection<TopicPartition> partitions) {
        return partitions.stream()
                .map(TopicPartition::toString)
                .sorted()
                .toList()
                .toString();
    }
}
