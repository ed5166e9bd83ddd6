package dev.surefoot.core.records;

import org.apache.kafka.common.InvalidRecordException;

/** The compressed bytes of a batch are not what its codec produces. */
final class UndecompressableException extends InvalidRecordException {
    private static final long serialVersionUID = 1L;

    UndecompressableException(InvalidRecordException cause) {
        super(cause.getMessage(), cause);
    }
}
