package dev.surefoot.core.handover;

import java.util.Optional;

/**
 * The next offset to fetch, and the leader epoch of the record before it.
 *
 * @param offsetEpoch the leader epoch of the last record before {@code offset}, or -1 when it is not known; it lets a
 *     leader say whether its log still agrees with what was read (KIP-320)
 */
public record FetchPosition(long offset, int offsetEpoch) {
    /** A position of which only the offset is known. */
    public static FetchPosition at(long offset) {
        return new FetchPosition(offset, -1);
    }

    public static FetchPosition of(long offset, Optional<Integer> leaderEpoch) {
        return new FetchPosition(offset, leaderEpoch.orElse(-1));
    }

    /** The epoch as Kafka's public types carry it. */
    public Optional<Integer> leaderEpoch() {
        return offsetEpoch < 0 ? Optional.empty() : Optional.of(offsetEpoch);
    }
}
