package dev.surefoot.core.delivery;

import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** A unit was to be passed over, and that was refused: the position stays before it. */
public final class UnitKeptException extends KafkaException {
    private static final long serialVersionUID = 1L;

    /** Why it stays. */
    public enum Reason {
        /** So many units were passed over that what reads them may be at fault. */
        PASSED_TOO_MANY,
        /** The handler of bad records throws for it, and is called again. */
        HANDLER_THREW,
        /** The handler has thrown as often as it is called. */
        HANDLER_GIVEN_UP
    }

    private final Reason reason;

    public UnitKeptException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
