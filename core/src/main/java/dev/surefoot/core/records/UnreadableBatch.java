package dev.surefoot.core.records;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;

/**
 * An exception of {@link RecordCursor#next} that says which batch cannot be read. Reading that fails for another
 * reason, as when memory runs out, throws another exception: it says nothing about the batch.
 */
public sealed interface UnreadableBatch {
    /** The batch and what is wrong with it. */
    BatchFault fault();

    /** Makes the exception for a fault, of the class that the Kafka protocol has for its cause. */
    static KafkaException of(String message, Throwable cause, BatchFault fault) {
        if (cause instanceof RecordTooLargeException) {
            return new TooLarge(message, cause, fault);
        }
        return cause instanceof UnsupportedCompressionTypeException
                ? new Unsupported(message, cause, fault)
                : new Corrupt(message, cause, fault);
    }

    /** What an exception of Kafka's class prints: logs name the class that a program can catch. */
    private static String text(Class<? extends KafkaException> type, KafkaException exception) {
        return type.getName() + ": " + exception.getMessage();
    }

    /** A batch that is damaged. */
    final class Corrupt extends CorruptRecordException implements UnreadableBatch {
        private static final long serialVersionUID = 1L;

        private final BatchFault fault;

        Corrupt(String message, Throwable cause, BatchFault fault) {
            super(message, cause);
            this.fault = fault;
        }

        @Override
        public BatchFault fault() {
            return fault;
        }

        @Override
        @SuppressWarnings("OverrideThrowableToString") // the message is right, the class is to be Kafka's
        public String toString() {
            return text(CorruptRecordException.class, this);
        }
    }

    /** A batch whose codec is not there. */
    final class Unsupported extends UnsupportedCompressionTypeException implements UnreadableBatch {
        private static final long serialVersionUID = 1L;

        private final BatchFault fault;

        Unsupported(String message, Throwable cause, BatchFault fault) {
            super(message, cause);
            this.fault = fault;
        }

        @Override
        public BatchFault fault() {
            return fault;
        }

        @Override
        @SuppressWarnings("OverrideThrowableToString") // the message is right, the class is to be Kafka's
        public String toString() {
            return text(UnsupportedCompressionTypeException.class, this);
        }
    }

    /** A batch with a record that is too large. */
    final class TooLarge extends RecordTooLargeException implements UnreadableBatch {
        private static final long serialVersionUID = 1L;

        private final BatchFault fault;

        TooLarge(String message, Throwable cause, BatchFault fault) {
            super(message, cause);
            this.fault = fault;
        }

        @Override
        public BatchFault fault() {
            return fault;
        }

        @Override
        @SuppressWarnings("OverrideThrowableToString") // the message is right, the class is to be Kafka's
        public String toString() {
            return text(RecordTooLargeException.class, this);
        }
    }
}
