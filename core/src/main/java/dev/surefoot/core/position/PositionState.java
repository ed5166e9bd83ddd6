package dev.surefoot.core.position;

import dev.surefoot.core.handover.FetchPosition;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** The state of a partition's position, with the data of each state. Immutable. */
public sealed interface PositionState {
    /** The states, for exhaustive dispatch. */
    enum Kind {
        RESETTING,
        VALIDATING,
        FETCHING,
        HALTED
    }

    /** The kind, for exhaustive dispatch. */
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

    /** The error for which the partition is halted; null unless {@link Kind#HALTED}. */
    default @Nullable KafkaException reason() {
        return null;
    }

    /** Has no position; the offset is looked up by timestamp at the leader. */
    record Resetting(ResetStrategy strategy) implements PositionState {
        @Override
        public Kind kind() {
            return Kind.RESETTING;
        }
    }

    /** Has a position of an earlier leader epoch, which the present leader has to validate (KIP-320). */
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

    /** Is not fetched until the application seeks; the reason is delivered to it. */
    record Halted(KafkaException reason) implements PositionState {
        @Override
        public Kind kind() {
            return Kind.HALTED;
        }
    }
}
