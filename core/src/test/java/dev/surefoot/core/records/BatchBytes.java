package dev.surefoot.core.records;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;
import org.apache.kafka.common.utils.internals.ByteUtils;

/** Writes batches byte by byte, right or wrong as a test wishes, with a checksum that is always right. */
final class BatchBytes {

    long baseOffset = 100;
    Integer length;
    int magic = 2;
    int attributes;
    int lastOffsetDelta = 2;
    long producerId = -1;
    int count = 3;
    byte[] records = {};

    /** A sound batch of three records, at the offsets 100 to 102. */
    static BatchBytes sound() {
        return new BatchBytes().records(record(0), record(1), record(2));
    }

    BatchBytes records(byte[]... parts) {
        records = joined(parts);
        return this;
    }

    BatchBytes compressed(CompressionType type) {
        attributes |= type.id;
        records = compress(type, 2, records);
        return this;
    }

    ByteBuffer build() {
        ByteBuffer batch = ByteBuffer.allocate(61 + records.length);
        batch.putLong(baseOffset).putInt(length == null ? 49 + records.length : length);
        batch.putInt(7).put((byte) magic).putInt(0).putShort((short) attributes).putInt(lastOffsetDelta);
        batch.putLong(1000)
                .putLong(2000)
                .putLong(producerId)
                .putShort((short) 0)
                .putInt(0)
                .putInt(count);
        batch.put(records).flip();
        CRC32C crc = new CRC32C();
        crc.update(batch.slice(21, batch.limit() - 21));
        return batch.putInt(17, (int) crc.getValue());
    }

    /** A record whose key and value are one byte each. */
    static byte[] record(int offsetDelta) {
        return sized(bytes(0), varint(5), varint(offsetDelta), varint(1), bytes('k'), varint(1), bytes('v'), varint(0));
    }

    /** The parts after a record's offset delta. */
    static byte[] recordOf(byte[]... parts) {
        return sized(bytes(0), varint(0), varint(0), joined(parts));
    }

    /** The parts with their length before them. */
    static byte[] sized(byte[]... parts) {
        byte[] body = joined(parts);
        return joined(varint(body.length), body);
    }

    static byte[] varint(int value) {
        ByteBuffer bytes = ByteBuffer.allocate(5);
        ByteUtils.writeVarint(value, bytes);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    static byte[] int32(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /** A message of format v0 or v1, whose key and value carry their own lengths. */
    static byte[] message(int magic, int attributes, long offset, byte[] keyAndValue) {
        int size = (magic == 0 ? 6 : 14) + keyAndValue.length;
        ByteBuffer message = ByteBuffer.allocate(12 + size);
        message.putLong(offset).putInt(size).putInt(0).put((byte) magic).put((byte) attributes);
        if (magic > 0) {
            message.putLong(1000);
        }
        message.put(keyAndValue);
        CRC32 crc = new CRC32();
        crc.update(message.array(), 16, size - 4);
        return message.putInt(12, (int) crc.getValue()).array();
    }

    /** A message without key and with a one-byte value. */
    static byte[] message(int magic, long offset) {
        return message(magic, 0, offset, joined(int32(-1), int32(1), bytes('v')));
    }

    /** A message set that wraps others. */
    static byte[] wrapper(int magic, CompressionType type, long offset, byte[]... messages) {
        byte[] content = compress(type, magic, joined(messages));
        return message(magic, type.id, offset, joined(int32(-1), int32(content.length), content));
    }

    static byte[] compress(CompressionType type, int magic, byte[] content) {
        return compress(type, magic, content, 1);
    }

    /** The content, as often as told. */
    static byte[] compress(CompressionType type, int magic, byte[] content, int times) {
        ByteBufferOutputStream out = new ByteBufferOutputStream(1024);
        try (OutputStream compressing = Compression.of(type).build().wrapForOutput(out, (byte) magic)) {
            for (int i = 0; i < times; i++) {
                compressing.write(content);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ByteBuffer compressed = out.buffer().flip();
        byte[] bytes = new byte[compressed.remaining()];
        compressed.get(bytes);
        return bytes;
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static ByteBuffer joined(ByteBuffer... parts) {
        byte[][] arrays = new byte[parts.length][];
        for (int i = 0; i < parts.length; i++) {
            arrays[i] = new byte[parts[i].remaining()];
            parts[i].duplicate().get(arrays[i]);
        }
        return ByteBuffer.wrap(joined(arrays));
    }
}
