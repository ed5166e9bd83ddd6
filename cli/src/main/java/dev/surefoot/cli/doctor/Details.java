package dev.surefoot.cli.doctor;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * What has to be asked besides, of which partitions. It follows from the samples alone.
 *
 * @param pinned the partitions whose open transactions matter
 * @param pending whether a commit is part of an open transaction
 * @param toPeek the partitions whose next record matters, with the offset to read at
 * @param beyondStable those of them that are read uncommitted, as the group is beyond the last stable offset
 * @param behind the partitions whose next record may be deleted soon
 * @param clients the clients whose quotas matter
 */
record Details(
        Set<TopicPartition> pinned,
        boolean pending,
        Map<TopicPartition, Long> toPeek,
        Set<TopicPartition> beyondStable,
        Set<TopicPartition> behind,
        Set<String> clients) {

    /** A tail of markers is at most about this long. */
    static final long TAIL_MAX = 1_000;

    /** @param peek whether to read the next record of each partition that stands, however far behind it is */
    static Details of(Examination all, boolean peek) {
        List<PartitionCase> cases = all.cases();
        Set<PartitionCase> standing =
                cases.stream().filter(each -> !each.isMoving()).collect(Collectors.toSet());
        Set<TopicPartition> pinned = standing.stream()
                .filter(PartitionCase::isPinned)
                .map(PartitionCase::partition)
                .collect(Collectors.toSet());
        Map<TopicPartition, Long> toPeek = standing.stream()
                .filter(each -> isReadable(each) && (peek || each.lag().orElse(0) <= TAIL_MAX))
                .collect(Collectors.toMap(
                        PartitionCase::partition, each -> each.committed().getAsLong()));
        Set<TopicPartition> behind = cases.stream()
                .filter(Details::isReadable)
                .map(PartitionCase::partition)
                .collect(Collectors.toSet());
        return new Details(
                all.question().isolation() == Isolation.READ_UNCOMMITTED ? Set.of() : pinned,
                standing.stream().anyMatch(each -> each.now().commit().pending()),
                toPeek,
                standing.stream()
                        .filter(PartitionCase::isBeyondStable)
                        .map(PartitionCase::partition)
                        .collect(Collectors.toSet()),
                behind,
                standing.stream()
                        .filter(PartitionCase::isBehind)
                        .flatMap(each -> clientOf(each))
                        .collect(Collectors.toSet()));
    }

    private static Stream<String> clientOf(PartitionCase partition) {
        return partition.owner().map(MemberView::clientId).stream();
    }

    private static boolean isReadable(PartitionCase partition) {
        return partition.isBehind()
                && partition.now().ends().areKnown()
                && partition.committed().getAsLong()
                        >= partition.now().ends().start().getAsLong();
    }
}
