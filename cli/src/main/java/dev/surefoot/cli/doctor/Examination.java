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
 * @param samples what each look has shown, oldest first; at least one
 * @param background what was asked besides
 * @param question what the user wants to know
 * @param nowMs the time of the diagnosis, in milliseconds since 1970
 */
record Examination(List<Sample> samples, Background background, Question question, long nowMs) {

    /** The order of topics and partitions in reports. */
    static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

    /**
     * What the user wants to know.
     *
     * @param isolation how the group's consumers read
     * @param topicNamed whether the user has named the topic
     * @param clientId the client whose partitions are asked about, or empty for all
     */
    record Question(Isolation isolation, boolean topicNamed, String clientId) {}

    Examination {
        samples = List.copyOf(samples);
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

    /** Returns the partitions that the question is about. */
    SortedSet<TopicPartition> partitions() {
        SortedSet<TopicPartition> partitions = new TreeSet<>(ORDER);
        partitions.addAll(last().partitions().keySet());
        if (!question.clientId().isEmpty()) {
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
        return partitions().stream()
                .map(each -> new PartitionCase(each, this, Optional.ofNullable(owners.get(each))))
                .toList();
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
        return new Examination(samples, other, question, nowMs);
    }
}
