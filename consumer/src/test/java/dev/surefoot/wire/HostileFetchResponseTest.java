package dev.surefoot.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.surefoot.core.records.Lease;
import dev.surefoot.core.session.FetchAnswer;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Responses made to mislead a reader, each with the message that tells a person what was wrong. */
class HostileFetchResponseTest {
    private static final short OLD = 4;
    private static final short BY_NAME = 12;
    private static final short NEW = 18;
    private static final Uuid ORDERS = new Uuid(7, 8);

    @Test
    void anEmptyBodyIsMalformed() {
        assertMalformed(
                OLD,
                out -> {},
                "Fetch response v4 cannot be read: throttle time needs 4 bytes at byte 0, but 0 are left");
    }

    @Test
    void aNegativeCountOfTopicsIsMalformed() {
        assertMalformed(OLD, out -> head(out, OLD, -2), "topics claims a length of -2");
        assertMalformed(OLD, out -> head(out, OLD, -1), "topics is null");
        assertMalformed(NEW, out -> head(out, NEW, -1), "topics is null");
    }

    @Test
    void aCountLargerThanTheBytesLeftIsMalformedBeforeAnythingIsAllocated() {
        assertMalformed(
                OLD, out -> head(out, OLD, Integer.MAX_VALUE), "topics claims 2147483647 elements of at least 6 bytes");
        assertMalformed(NEW, out -> head(out, NEW, 1 << 27), "topics claims 134217728 elements of at least 18 bytes");
        assertMalformed(
                NEW, out -> topic(out, NEW, 1 << 20), "partitions claims 1048576 elements of at least 37 bytes");
        assertMalformed(
                NEW,
                out -> partition(out, NEW, 1 << 20),
                "aborted transactions claims 1048576 elements of at least 17 bytes");
    }

    @Test
    void aNegativeCountOfAbortedTransactionsIsMalformed() {
        assertMalformed(
                OLD,
                out -> partition(out, OLD, -2),
                "Fetch response v4, topic orders, partition 3 cannot be read: aborted transactions claims a"
                        + " length of -2");
    }

    @Test
    void recordsBeyondTheBufferAreMalformed() {
        assertMalformed(
                NEW,
                out -> {
                    partition(out, NEW, 0);
                    out.int32(-1);
                    out.unsignedVarint(1001);
                },
                "Fetch response v18, topic id " + ORDERS
                        + ", partition 3 cannot be read: records needs 1000 bytes at byte 65, but 0 are left");
    }

    @Test
    void recordsOfNegativeLengthAreMalformed() {
        assertMalformed(
                OLD,
                out -> {
                    partition(out, OLD, 0);
                    out.int32(-2);
                },
                "records claims a length of -2");
    }

    @Test
    void aVarintThatDoesNotEndIsMalformed() {
        assertMalformed(
                NEW,
                out -> {
                    errorAndSession(out);
                    out.bytes(new byte[] {-1, -1, -1, -1, -1, 1});
                },
                "topics is a varint of more than 32 bits");
    }

    @Test
    void aVarintOfMoreThan32BitsIsMalformed() {
        assertMalformed(
                NEW,
                out -> {
                    errorAndSession(out);
                    out.bytes(new byte[] {-1, -1, -1, -1, 0x10});
                },
                "topics is a varint of more than 32 bits");
    }

    @Test
    void theLargestVarintIsANegativeLength() {
        assertMalformed(
                NEW,
                out -> {
                    errorAndSession(out);
                    out.unsignedVarint(-1);
                },
                "topics claims a length of -2");
    }

    @Test
    void trailingBytesAreMalformed() {
        assertMalformed(
                OLD,
                out -> {
                    head(out, OLD, 0);
                    out.int16(0);
                },
                "2 bytes are left behind its last field, which ends at byte 8");
    }

    @Test
    void aTopicNameThatIsNotUtf8IsMalformed() {
        assertMalformed(
                BY_NAME,
                out -> {
                    head(out, BY_NAME, 1);
                    out.unsignedVarint(3);
                    out.bytes(new byte[] {(byte) 0xc0, (byte) 0x80}); // NUL in two bytes, as UTF-8 forbids
                    out.noTaggedFields();
                },
                "topic name is not valid UTF-8");
    }

    @Test
    void aTopicNameLongerThanTheProtocolAllowsIsMalformed() {
        assertMalformed(
                BY_NAME,
                out -> {
                    head(out, BY_NAME, 1);
                    out.unsignedVarint(32_768 + 1);
                    out.bytes(new byte[32_768]);
                },
                "topic name claims a length of 32768 bytes");
    }

    @Test
    void aTopicWithoutANameIsMalformed() {
        assertMalformed(
                OLD,
                out -> {
                    head(out, OLD, 1);
                    out.int16(-1);
                    out.int32(0);
                },
                "topic name is null");
    }

    @Test
    void aTaggedFieldBeyondTheBufferIsMalformed() {
        assertMalformed(
                NEW,
                out -> {
                    head(out, NEW, 0);
                    tag(out, 99, 500);
                },
                "tagged field needs 500 bytes");
    }

    @Test
    void aTaggedFieldWhoseSizeIsWrongIsMalformed() {
        assertMalformed(
                NEW,
                out -> {
                    head(out, NEW, 0);
                    tag(out, 0, 2);
                    out.count(0);
                    out.int8(0);
                },
                "tagged field 0 claims 2 bytes");
    }

    @Test
    void moreTaggedFieldsThanBytesAreMalformed() {
        assertMalformed(
                NEW,
                out -> {
                    head(out, NEW, 0);
                    out.unsignedVarint(1 << 30);
                },
                "number of tagged fields claims 1073741824 elements");
    }

    @Test
    void moreNodesThanBytesAreMalformed() {
        assertMalformed(
                NEW,
                out -> {
                    head(out, NEW, 0);
                    tag(out, 0, 4);
                    out.count(1 << 26);
                },
                "node endpoints claims 67108864 elements of at least 11 bytes");
    }

    @Test
    void aNodeWhosePortCannotBeIsMalformed() {
        assertMalformed(NEW, out -> node(out, 65_536), "port of node 5 is 65536, outside 0 to 65535");
        assertMalformed(NEW, out -> node(out, -1), "port of node 5 is -1");
    }

    @Test
    void aNodeWhosePortCanBeIsRead() {
        FetchAnswer answer = FetchResponseCodec.read(body(NEW, out -> node(out, 9092)), NEW, Lease.NONE);

        assertThat(answer.nodeEndpoints()).containsExactly(new Node(5, "host", 9092));
    }

    @Test
    void aVersionOutsideTheKnownOnesIsRefused() {
        for (short version : new short[] {3, 19}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FetchResponseCodec.read(ByteBuffer.allocate(8), version, Lease.NONE))
                    .withMessageContaining("Fetch v" + version + " is not among the versions 4 to 18");
        }
    }

    private static void assertMalformed(short version, Consumer<WireWriter> fields, String message) {
        ByteBuffer body = body(version, fields);
        assertThatExceptionOfType(MalformedResponseException.class)
                .isThrownBy(() -> FetchResponseCodec.read(body, version, Lease.NONE))
                .withMessageContaining(message);
    }

    private static ByteBuffer body(short version, Consumer<WireWriter> fields) {
        ByteBuffer out = ByteBuffer.allocate(1 << 16);
        fields.accept(new WireWriter(out, version >= 12));
        return out.flip();
    }

    private static void errorAndSession(WireWriter out) {
        out.int32(0);
        out.int16(0);
        out.int32(0);
    }

    private static void head(WireWriter out, short version, int topics) {
        if (version >= 7) {
            errorAndSession(out);
        } else {
            out.int32(0);
        }
        out.count(topics);
    }

    private static void topic(WireWriter out, short version, int partitions) {
        head(out, version, 1);
        if (version >= 13) {
            out.uuid(ORDERS);
        } else {
            out.string("orders");
        }
        out.count(partitions);
        if (partitions != 1) {
            out.noTaggedFields();
        }
    }

    /** Writes partition 3 up to the count of its aborted transactions, and enough behind it to pass for a partition. */
    private static void partition(WireWriter out, short version, int abortedTransactions) {
        topic(out, version, 1);
        out.int32(3);
        out.int16(0);
        out.int64(100);
        out.int64(100);
        if (version >= 5) {
            out.int64(0);
        }
        out.count(abortedTransactions);
        if (abortedTransactions != 0) {
            out.bytes(new byte[6]);
        }
    }

    private static void tag(WireWriter out, int tag, int size) {
        out.unsignedVarint(1);
        out.unsignedVarint(tag);
        out.unsignedVarint(size);
    }

    private static void node(WireWriter out, int port) {
        head(out, NEW, 0);
        tag(out, 0, 4 + 5 + 4 + 1 + 1 + 1);
        out.count(1);
        out.int32(5);
        out.string("host");
        out.int32(port);
        out.unsignedVarint(0);
        out.noTaggedFields();
    }
}
