package dev.surefoot.core.position;

import dev.surefoot.core.handover.FetchPosition;
import org.apache.kafka.common.KafkaException;

/** Where a partition stands between having no position and being fetched. */
public sealed interface PositionState {

    /** Needs an offset: looked up by timestamp at the leader. */
    record Resetting(ResetStrategy strategy) implements PositionState {}

    /** Has a position from an epoch before the current leader's, and asks that leader whether it still holds (KIP-320). */
    record Validating(FetchPosition position) implements PositionState {}

    /** Is fetched from this position. */
    record Fetching(FetchPosition position) implements PositionState {}

    /** Cannot go on by itself; the application has been told why and has to seek. */
    record Halted(KafkaException reason) implements PositionState {}
}
