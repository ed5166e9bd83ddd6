package dev.surefoot.wire;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.Uuid;

/**
 * Receives the fields of a message in order. A message is described once, to a sink: {@link WireSize} adds up the bytes
 * that {@link WireWriter} would write, so that size and content cannot differ.
 */
sealed interface WireSink permits WireSize, WireWriter {
    /** Whether the message has compact lengths and tagged fields (KIP-482). */
    boolean flexible();

    void int8(int value);

    void int16(int value);

    void int32(int value);

    void int64(long value);

    void bytes(byte[] value);

    default void unsignedVarint(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            int8((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        int8(rest);
    }

    default void uuid(Uuid value) {
        int64(value.getMostSignificantBits());
        int64(value.getLeastSignificantBits());
    }

    /** @throws IllegalArgumentException if the string takes more than the protocol's 32767 bytes */
    default void string(String value) {
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        if (encoded.length > Short.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a string of " + encoded.length + " bytes is longer than the " + Short.MAX_VALUE
                            + " that the Kafka protocol allows; it starts with '" + value.substring(0, 64) + "'");
        }
        if (flexible()) {
            unsignedVarint(encoded.length + 1);
        } else {
            int16(encoded.length);
        }
        bytes(encoded);
    }

    default void count(int elements) {
        if (flexible()) {
            unsignedVarint(elements + 1);
        } else {
            int32(elements);
        }
    }

    /** Ends a structure that sends no tagged fields. */
    default void noTaggedFields() {
        if (flexible()) {
            unsignedVarint(0);
        }
    }
}
