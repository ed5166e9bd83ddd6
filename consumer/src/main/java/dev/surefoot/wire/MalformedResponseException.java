package dev.surefoot.wire;

import org.apache.kafka.common.KafkaException;

/**
 * The bytes of a response do not follow its format. The message names the field. Nothing after such bytes can be
 * trusted, so the connection is closed.
 */
public final class MalformedResponseException extends KafkaException {
    private static final long serialVersionUID = 1L;

    MalformedResponseException(String message) {
        super(message);
    }

    MalformedResponseException(String message, Throwable cause) {
        super(message, cause);
    }
}
