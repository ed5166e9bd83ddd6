package dev.surefoot.core.handover;

import java.util.Optional;

/**
 * The next offset to fetch, and the leader epoch of the record before it. Immutable.
 *
 * @param offsetEpoch the leader epoch of the last record before {@code offset}, or -1 when not known. By it a leader
 *     detects that its log was truncated (KIP-320)
 */
public record FetchPosition(long offset, int offsetEpoch) {
    /** A position whose epoch is not known. */
    public static FetchPosition at(long offset) {
        return new FetchPosition(offset, -1);
    }

    /** A position with the epoch as Kafka's public types carry it. */
    public static FetchPosition of(long offset, Optional<Integer> leaderEpoch) {
        return new FetchPosition(offset, leaderEpoch.orElse(-1));
    }

    /** The epoch as Kafka's public types carry it. */
    public Optional<Integer> leaderEpoch() {
        return offsetEpoch < 0 ? Optional.empty() : Optional.of(offsetEpoch);
    }
}
