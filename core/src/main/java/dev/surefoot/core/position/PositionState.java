package dev.surefoot.core.position;

import dev.surefoot.core.handover.FetchPosition;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** The state of a partition's position, with the data of each state. Immutable. */
public sealed interface PositionState {
    /** The states, for exhaustive dispatch. */
    enum Kind {
        UNPLACED,
        RESETTING,
        VALIDATING,
        FETCHING,
        HALTED
    }

    /** The kind, for exhaustive dispatch. */
    Kind kind();

    /**
     * Whether a look-up has to be answered before the partition can be fetched: by its leader, or by the group's
     * coordinator if {@link Kind#UNPLACED}.
     */
    default boolean needsLookup() {
        return switch (kind()) {
            case UNPLACED, RESETTING, VALIDATING -> true;
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

    /**
     * Has no position, and the committed offset of its group is not known. It gets one from the group's coordinator, or
     * from the application by a seek; {@code auto.offset.reset} applies only if the coordinator says that there is no
     * committed offset.
     */
    record Unplaced() implements PositionState {
        @Override
        public Kind kind() {
            return Kind.UNPLACED;
        }
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
