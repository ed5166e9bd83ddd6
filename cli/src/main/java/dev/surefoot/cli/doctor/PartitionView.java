package dev.surefoot.cli.doctor;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A partition, and what the group has committed of it.
 *
 * @param replicas where it is
 * @param ends the ends of its log
 * @param commit what the group has committed
 * @param sight whether it could be seen
 */
record PartitionView(Replicas replicas, LogEnds ends, CommitView commit, Sight sight) {

    /** Whether a partition could be seen. */
    enum Sight {
        /** Its topic was described, and its leader, if there is one, has told the ends of the log. */
        SEEN,
        /** This user may not describe its topic. */
        FORBIDDEN,
        /** There is no such topic or partition any more. */
        GONE,
        /** Its topic was not described, for want of an answer. */
        UNDESCRIBED,
        /** It has a leader, which did not tell the ends of the log. */
        UNANSWERED
    }

    /**
     * Returns the end of what surely may be read, if the ends are known. Who reads committed records only, which is not
     * known of most, has to stop at the last stable offset.
     */
    OptionalLong availableEnd(Isolation isolation) {
        return switch (isolation) {
            case READ_COMMITTED -> ends.stable();
            case READ_UNCOMMITTED -> ends.highWatermark();
            case UNKNOWN -> isBeyondStable() ? ends.highWatermark() : ends.stable();
        };
    }

    /** Returns whether the group has committed an offset that who reads committed records cannot have reached. */
    boolean isBeyondStable() {
        return commit.offset().isPresent()
                && ends.stable().isPresent()
                && commit.offset().getAsLong() > ends.stable().getAsLong();
    }

    /** Returns the offset at which the group goes on: what it has committed, or else the start of the log. */
    long nextToRead() {
        return commit.offset().orElse(ends.start().orElse(0));
    }

    /**
     * The replicas of a partition, by the ids of their brokers.
     *
     * @param leader the leader, if there is one that clients can reach
     * @param all all replicas
     * @param inSync those in sync
     * @param online those whose broker is known to run
     */
    record Replicas(OptionalInt leader, List<Integer> all, List<Integer> inSync, List<Integer> online) {

        static final Replicas UNKNOWN = new Replicas(OptionalInt.empty(), List.of(), List.of(), List.of());

        Replicas {
            all = List.copyOf(all);
            inSync = List.copyOf(inSync);
            online = List.copyOf(online);
        }
    }

    /**
     * The ends of a log, in offsets.
     *
     * @param start its first offset
     * @param highWatermark the end for who reads uncommitted records
     * @param stable the last stable offset, the end for who reads committed records
     */
    record LogEnds(OptionalLong start, OptionalLong highWatermark, OptionalLong stable) {

        static final LogEnds UNKNOWN = new LogEnds(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

        /** Returns ends that are all known. */
        static LogEnds of(long start, long stable, long highWatermark) {
            return new LogEnds(OptionalLong.of(start), OptionalLong.of(highWatermark), OptionalLong.of(stable));
        }

        /** Returns whether all three are known. */
        boolean areKnown() {
            return start.isPresent() && highWatermark.isPresent() && stable.isPresent();
        }
    }

    /**
     * What a group has committed of a partition.
     *
     * @param known whether the coordinator has told
     * @param offset the committed offset; empty if nothing is known or nothing was ever committed
     * @param pending whether a commit is part of a transaction that is still open
     */
    record CommitView(boolean known, OptionalLong offset, boolean pending) {

        static final CommitView UNKNOWN = new CommitView(false, OptionalLong.empty(), false);
        static final CommitView NEVER = new CommitView(true, OptionalLong.empty(), false);

        /** Returns a commit of this offset. */
        static CommitView of(long offset) {
            return new CommitView(true, OptionalLong.of(offset), false);
        }
    }
}
