package dev.surefoot.cli.consume;

import dev.surefoot.cli.console.CommandFailure;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options about reading in a group. */
final class GroupOptions {

    @Option(
            names = {"-g", "--group"},
            paramLabel = "GROUP",
            description = {
                "Read as a member of this consumer group: it divides the partitions among its members, and each"
                        + " begins at the committed offset.",
                "-X group.protocol=consumer joins by the protocol of KIP-848."
            })
    private @Nullable String group;

    @Option(
            names = "--commit",
            paramLabel = "WHEN",
            converter = CommitMode.Converter.class,
            description = {
                "When a member of a group commits what it has printed (default: on-exit):",
                "  on-exit   at the end, and before partitions are given back",
                "  interval  every auto.commit.interval.ms besides",
                "  none      never"
            })
    private @Nullable CommitMode commit;

    /**
     * Returns the group to join, if there is one.
     *
     * @param from the value of {@code --from}, or null
     * @param onlyPartitions the values of {@code --partition}
     * @throws CommandFailure if options do not go together
     */
    Optional<GroupToJoin> groupToJoin(@Nullable String from, Collection<Integer> onlyPartitions) {
        if (group == null) {
            if (commit != null) {
                throw CommandFailure.wrongUsage("--commit needs --group: without a group nothing is committed");
            }
            return Optional.empty();
        }
        if (group.isBlank()) {
            throw CommandFailure.wrongUsage("--group names no group");
        }
        if (!onlyPartitions.isEmpty()) {
            throw CommandFailure.wrongUsage(
                    "--partition and --group exclude each other: a group divides the partitions itself");
        }
        return Optional.of(new GroupToJoin(
                group, from == null ? null : offsetReset(from), commit == null ? CommitMode.ON_EXIT : commit));
    }

    /** A group knows no other start for all partitions alike: a member cannot tell which have been read before. */
    private static String offsetReset(String from) {
        return switch (from) {
            case "beginning", "earliest" -> "earliest";
            case "end", "latest" -> "latest";
            default ->
                throw CommandFailure.wrongUsage("--from " + from + " does not go with --group, where reading begins at"
                        + " the committed offsets: give beginning or end, which count for partitions without one, or"
                        + " -X auto.offset.reset=by_duration:PT10M for their last ten minutes");
        };
    }
}
