package dev.surefoot.core.position;

import dev.surefoot.core.handover.FetchPosition;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Where a partition stands between having no position and being fetched. */
public sealed interface PositionState {
    /** The states, for exhaustive dispatch. */
    enum Kind {
        RESETTING,
        VALIDATING,
        FETCHING,
        HALTED
    }

    Kind kind();

    /** Whether a leader has to answer a look-up before the partition can be fetched. */
    default boolean needsLookup() {
        return switch (kind()) {
            case RESETTING, VALIDATING -> true;
            case FETCHING, HALTED -> false;
        };
    }

    /** The position that is fetched from or validated; null in the other states. */
    default @Nullable FetchPosition position() {
        return null;
    }

    /** How the offset is looked up; null unless {@link Kind#RESETTING}. */
    default @Nullable ResetStrategy strategy() {
        return null;
    }

    /** Why the partition cannot go on; null unless {@link Kind#HALTED}. */
    default @Nullable KafkaException reason() {
        return null;
    }

    /** Needs an offset: looked up by timestamp at the leader. */
    record Resetting(ResetStrategy strategy) implements PositionState {
        @Override
        public Kind kind() {
            return Kind.RESETTING;
        }
    }

    /**
     * Has a position from an epoch before the current leader's, and asks that leader whether it still holds (KIP-320).
     */
    record Validating(FetchPosition position) implements PositionState {
        @Override
        public Kind kind() {
            return Kind.VALIDATING;
        }
    }

    /** Is fetched from this position. */
    record Fetching(FetchPosition position) implements PositionState {
        @Override
        public Kind kind() {
            return Kind.FETCHING;
        }
    }

    /** Cannot go on by itself; the application has been told why and has to seek. */
    record Halted(KafkaException reason) implements PositionState {
        @Override
        public Kind kind() {
            return Kind.HALTED;
        }
    }
}
