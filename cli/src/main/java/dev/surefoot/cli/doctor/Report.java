package dev.surefoot.cli.doctor;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.ExitCode;

/**
 * The diagnosis of a group, or of a topic without one.
 *
 * @param examination what it is made from
 * @param group what is wrong with the group itself, if anything is
 * @param partitions what is said of each partition, in order
 */
record Report(Examination examination, Optional<Finding> group, List<PartitionReport> partitions) {

    /** The exit code for what could not be looked at. */
    static final int NOT_SEEN = 3;

    Report {
        partitions = List.copyOf(partitions);
    }

    /** Returns all findings. */
    List<Finding> findings() {
        return Stream.concat(group.stream(), partitions.stream().map(PartitionReport::finding))
                .toList();
    }

    /** Returns 0 if nothing is stalled, 1 if something is, and 3 if the group or all its partitions were not seen. */
    int exitCode() {
        if (findings().stream().anyMatch(Finding::isStalled)) {
            return ExitCode.SOFTWARE;
        }
        boolean ofNobody =
                partitions.isEmpty() && !examination.question().clientId().isEmpty();
        boolean unseen = !partitions.isEmpty() && partitions.stream().allMatch(this::isUnseen);
        boolean groupUnseen =
                group.filter(found -> found.cause() == Cause.NOT_SEEN).isPresent();
        boolean readersUnseen = groupUnseen && examination.last().group().phase() == GroupView.Phase.ABSENT;
        return ofNobody || unseen || readersUnseen || (groupUnseen && partitions.isEmpty()) ? NOT_SEEN : ExitCode.OK;
    }

    private boolean isUnseen(PartitionReport partition) {
        return switch (partition.finding().cause()) {
            case NOT_AUTHORIZED, NOT_SEEN -> true;
            // The topic that was asked about is gone.
            case TOPIC_DELETED -> examination.question().topicNamed();
            default -> false;
        };
    }
}
