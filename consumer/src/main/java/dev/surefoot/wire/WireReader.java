package dev.surefoot.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Reads a message of the Kafka protocol and trusts no number in it. Every length and count is compared with the bytes
 * that are left before it is used. So a hostile message can neither lead outside its buffer nor cause an allocation
 * larger than the message itself justifies.
 *
 * <p>Each method takes the name of the field it reads, for the message of the {@link MalformedResponseException} that
 * it throws when the bytes cannot hold the field.
 */
final class WireReader {
    /** The count of an array, or the length of bytes, for a null field. */
    static final int NULL = -1;

    /** The protocol's bound on strings in bytes: before compact strings (KIP-482) their length was an INT16. */
    private static final int MAX_STRING_BYTES = Short.MAX_VALUE;

    /** In bytes: a tag and a size of one byte each. */
    private static final int MIN_TAGGED_FIELD_BYTES = 2;

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final ByteBuffer bytes;
    private final boolean flexible;

    /** Reports malformed input, which {@code Charset.decode} and {@code String} would replace. */
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();

    /**
     * Reads from the buffer's position to its limit, without moving either.
     *
     * @param flexible whether the message has compact lengths and tagged fields (KIP-482)
     */
    WireReader(ByteBuffer message, boolean flexible) {
        this.bytes = message.slice();
        this.flexible = flexible;
    }

    short int16(String field) {
        require(Short.BYTES, field);
        return bytes.getShort();
    }

    int int32(String field) {
        require(Integer.BYTES, field);
        return bytes.getInt();
    }

    long int64(String field) {
        require(Long.BYTES, field);
        return bytes.getLong();
    }

    Uuid uuid(String field) {
        require(2 * Long.BYTES, field);
        return new Uuid(bytes.getLong(), bytes.getLong());
    }

    /** Reads up to five bytes of seven bits each, lowest first; values above 2^31-1 come out negative. */
    int unsignedVarint(String field) {
        int value = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            require(1, field);
            byte next = bytes.get();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        require(1, field);
        byte last = bytes.get();
        if (last < 0 || last > 0x0f) {
            throw malformed(field, "is a varint of more than 32 bits");
        }
        return value | (last << 28);
    }

    String string(String field) {
        String value = nullableString(field);
        if (value == null) {
            throw malformed(field, "is null, which it must not be");
        }
        return value;
    }

    @Nullable String nullableString(String field) {
        int length = flexible ? unsignedVarint(field) - 1 : int16(field);
        if (length == NULL) {
            return null;
        }
        if (length < 0 || length > MAX_STRING_BYTES) {
            throw malformed(field, "claims a length of " + length + " bytes, outside 0 to " + MAX_STRING_BYTES);
        }
        ByteBuffer encoded = take(length, field);
        try {
            return utf8.decode(encoded).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedResponseException(field + " is not valid UTF-8 before byte " + bytes.position(), e);
        }
    }

    /** Reads a nullable field of bytes as a slice of the message, without copying; null becomes empty. */
    ByteBuffer nullableBytes(String field) {
        int length = length(field);
        if (length <= 0) {
            return EMPTY;
        }
        return take(length, field);
    }

    /** Reads the number of elements of an array that must not be null. */
    int count(String field, int minElementBytes) {
        int count = nullableCount(field, minElementBytes);
        if (count == NULL) {
            throw malformed(field, "is null, which it must not be");
        }
        return count;
    }

    /**
     * Reads the number of elements of an array, or {@link #NULL}. The bytes left suffice for as many elements of the
     * least size.
     */
    int nullableCount(String field, int minElementBytes) {
        int count = length(field);
        requireElements(count, minElementBytes, field);
        return count;
    }

    /**
     * Reads the tagged fields at the end of a structure, if the message is flexible; skips those that {@code known}
     * does not read.
     */
    void taggedFields(TaggedFields known) {
        if (!flexible) {
            return;
        }
        int fields = unsignedVarint("number of tagged fields");
        if (fields < 0) {
            throw malformed("number of tagged fields", "is above 2^31-1");
        }
        requireElements(fields, MIN_TAGGED_FIELD_BYTES, "number of tagged fields");
        for (int i = 0; i < fields; i++) {
            int tag = unsignedVarint("tag");
            int size = unsignedVarint("size of a tagged field");
            if (size < 0) {
                throw malformed("size of a tagged field", "is above 2^31-1");
            }
            require(size, "tagged field");
            int end = bytes.position() + size;
            if (!known.read(tag)) {
                bytes.position(end);
            } else if (bytes.position() != end) {
                throw malformed("tagged field " + tag, "claims " + size + " bytes, which would end at byte " + end);
            }
        }
    }

    void skipTaggedFields() {
        taggedFields(TaggedFields.NONE);
    }

    void requireEnd() {
        if (bytes.hasRemaining()) {
            throw new MalformedResponseException(bytes.remaining()
                    + " bytes are left behind its last field, which ends at byte " + bytes.position());
        }
    }

    MalformedResponseException malformed(String field, String fault) {
        return new MalformedResponseException(field + " " + fault + " (read up to byte " + bytes.position() + ")");
    }

    /** Reads the length of bytes or of an array; {@link #NULL} or more. */
    private int length(String field) {
        int length = flexible ? unsignedVarint(field) - 1 : int32(field);
        if (length < NULL) {
            throw malformed(field, "claims a length of " + length);
        }
        return length;
    }

    private ByteBuffer take(int length, String field) {
        require(length, field);
        ByteBuffer taken = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        return taken;
    }

    private void require(int needed, String field) {
        if (bytes.remaining() < needed) {
            throw new MalformedResponseException(field + " needs " + needed + " bytes at byte " + bytes.position()
                    + ", but " + bytes.remaining() + " are left");
        }
    }

    private void requireElements(int count, int minElementBytes, String field) {
        if ((long) count * minElementBytes > bytes.remaining()) {
            throw malformed(
                    field,
                    "claims " + count + " elements of at least " + minElementBytes + " bytes, but " + bytes.remaining()
                            + " bytes are left");
        }
    }

    /** Reads the tagged fields that a structure defines. */
    @FunctionalInterface
    interface TaggedFields {
        TaggedFields NONE = tag -> false;

        /** Reads the field with this tag to its end; returns false and reads nothing if the tag is not defined. */
        boolean read(int tag);
    }
}
