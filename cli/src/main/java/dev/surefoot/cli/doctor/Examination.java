package dev.surefoot.cli.doctor;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/**
 * All that was seen of a group: what a diagnosis is made from.
 *
 * @param samples what the looks have shown, oldest first; at least one
 * @param paces the pace of the commits in all looks, by partition
 * @param background what was asked besides
 * @param question what the user wants to know
 * @param nowMs the time of the diagnosis, in milliseconds since 1970
 */
record Examination(
        List<Sample> samples,
        Map<TopicPartition, CommitPace> paces,
        Background background,
        Question question,
        long nowMs) {

    /** The order of topics and partitions in reports. */
    static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

    /**
     * What the user wants to know.
     *
     * @param isolation how the group's consumers read
     * @param topicNamed whether the user has named the topic
     * @param clientId the client whose partitions are asked about, or empty for all
     * @param lookMs for how long to look, in milliseconds
     */
    record Question(Isolation isolation, boolean topicNamed, String clientId, long lookMs) {}

    Examination {
        samples = List.copyOf(samples);
        paces = Map.copyOf(paces);
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("An examination has at least one sample");
        }
    }

    /** Returns the last look. */
    Sample last() {
        return samples.get(samples.size() - 1);
    }

    /** Returns the time from the first look to the last, in milliseconds. */
    long lookedForMs() {
        return last().atMs() - samples.get(0).atMs();
    }

    /** Returns how long a look would have to be, so that what has lasted for so long lasts for the patience with it. */
    long neededMs(long lastingMs, long patienceMs) {
        return lookedForMs() - lastingMs + patienceMs;
    }

    /** Returns what is stalled if it has lasted for as long as the patience with it, and waits until then. */
    Finding lasting(Cause cause, long lastingMs, long patienceMs) {
        return lastingMs >= patienceMs
                ? Finding.stalled(cause)
                : Finding.waiting(cause).undecidedBefore(neededMs(lastingMs, patienceMs));
    }

    /** Returns the partitions that the question is about. */
    SortedSet<TopicPartition> partitions() {
        SortedSet<TopicPartition> partitions = new TreeSet<>(ORDER);
        partitions.addAll(last().partitions().keySet());
        // Of a group without members all is asked about: nobody is left whose partitions could be told.
        if (!question.clientId().isEmpty() && !last().group().members().isEmpty()) {
            partitions.removeIf(each -> last().group().members().stream()
                    .noneMatch(member -> member.clientId().equals(question.clientId())
                            && member.owned().contains(each)));
        }
        return partitions;
    }

    /** Returns what is known of each partition that the question is about, in order. */
    List<PartitionCase> cases() {
        Map<TopicPartition, MemberView> owners = new HashMap<>();
        last().group().members().forEach(member -> member.owned().forEach(each -> owners.putIfAbsent(each, member)));
        Map<TopicPartition, Long> ownedMs = lastOwnedMs();
        return partitions().stream()
                .map(each -> new PartitionCase(
                        each, this, Optional.ofNullable(owners.get(each)), ownedMs.getOrDefault(each, Long.MIN_VALUE)))
                .toList();
    }

    /** Returns the time of the last look at which a member had it, by partition. */
    private Map<TopicPartition, Long> lastOwnedMs() {
        Map<TopicPartition, Long> lastMs = new HashMap<>();
        for (Sample sample : samples) {
            sample.group().members().forEach(member -> member.owned().forEach(each -> lastMs.put(each, sample.atMs())));
        }
        return lastMs;
    }

    /** Returns for how many milliseconds, up to the last look, the group has been in the phase that it is in. */
    long phaseMs() {
        long since = last().atMs();
        for (int i = samples.size() - 1;
                i >= 0 && samples.get(i).group().phase() == last().group().phase();
                i--) {
            since = samples.get(i).atMs();
        }
        return last().atMs() - since;
    }

    /** Returns the same with what was asked besides. */
    Examination with(Background other) {
        return new Examination(samples, paces, other, question, nowMs);
    }
}
