package dev.surefoot.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.handover.MemberAssignment;
import dev.surefoot.core.handover.MemberSubscription;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What members say to each other, with kafka-clients as the other member. */
class ConsumerProtocolCodecTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final TopicPartition T2 = new TopicPartition("t", 2);
    private static final TopicPartition U1 = new TopicPartition("u", 1);
    private static final short NEWEST = 3;

    private static ByteBuffer data() {
        return ByteBuffer.wrap(new byte[] {4, 5, 6});
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    // A subscription.

    @Test
    void kafkaReadsOurSubscription() {
        MemberSubscription ours =
                new MemberSubscription(List.of("t", "u"), data(), List.of(U1, T2, T0), 6, "rack", "not said here");
        ByteBuffer written = ConsumerProtocolCodec.write(ours);
        assertThat(written.getShort(0)).isEqualTo(NEWEST);
        Subscription theirs = ConsumerProtocol.deserializeSubscription(written);

        assertThat(theirs.topics()).containsExactly("t", "u");
        assertThat(theirs.userData()).isEqualTo(data());
        assertThat(theirs.ownedPartitions()).as("sorted").containsExactly(T0, T2, U1);
        assertThat(theirs.generationId()).isEqualTo(Optional.of(6));
        assertThat(theirs.rackId()).isEqualTo(Optional.of("rack"));
    }

    @Test
    void kafkaReadsASubscriptionThatSaysLittle() {
        Subscription theirs = ConsumerProtocol.deserializeSubscription(
                ConsumerProtocolCodec.write(new MemberSubscription(List.of(), null, List.of(), -1, null, null)));

        assertThat(theirs.topics()).isEmpty();
        assertThat(theirs.userData()).isNull();
        assertThat(theirs.ownedPartitions()).isEmpty();
        assertThat(theirs.generationId()).isEmpty();
        assertThat(theirs.rackId()).isEmpty();
    }

    @Test
    void ourBytesAreKafkasBytes() {
        Subscription theirs = new Subscription(List.of("t", "u"), data(), List.of(T0, T2, U1), 6, Optional.of("rack"));
        MemberSubscription ours =
                new MemberSubscription(List.of("t", "u"), data(), List.of(T0, T2, U1), 6, "rack", null);
        assertThat(ConsumerProtocolCodec.write(ours)).isEqualTo(ConsumerProtocol.serializeSubscription(theirs));
    }

    @Test
    void theUserDataIsNotMoved() {
        ByteBuffer userData = data();
        ConsumerProtocolCodec.write(new MemberSubscription(List.of("t"), userData, List.of(), -1, null, null));
        ConsumerProtocolCodec.write(new MemberAssignment(List.of(T0), userData));
        assertThat(userData).isEqualTo(data());
    }

    @ParameterizedTest
    @ValueSource(shorts = {0, 1, 2, 3})
    void weReadKafkasSubscription(short version) {
        Subscription theirs = new Subscription(List.of("t", "u"), data(), List.of(T0, T2, U1), 6, Optional.of("rack"));
        MemberSubscription read = ConsumerProtocolCodec.readSubscription(
                bytes(ConsumerProtocol.serializeSubscription(theirs, version)), "i");

        assertThat(read)
                .isEqualTo(new MemberSubscription(
                        List.of("t", "u"),
                        data(),
                        version < 1 ? List.of() : List.of(T0, T2, U1),
                        version < 2 ? -1 : 6,
                        version < 3 ? null : "rack",
                        "i"));
    }

    @Test
    void aNewerVersionIsReadAsTheNewestKnownAndTheRestIsLeft() {
        Subscription theirs = new Subscription(List.of("t"), null, List.of(T0), 6, Optional.empty());
        byte[] known = bytes(ConsumerProtocol.serializeSubscription(theirs));
        byte[] newer = Arrays.copyOf(known, known.length + 9);
        ByteBuffer.wrap(newer).putShort((short) 4);
        assertThat(ConsumerProtocolCodec.readSubscription(newer, null))
                .isEqualTo(new MemberSubscription(List.of("t"), null, List.of(T0), 6, null, null));

        byte[] assignment = bytes(ConsumerProtocol.serializeAssignment(new Assignment(List.of(T0))));
        byte[] newerAssignment = Arrays.copyOf(assignment, assignment.length + 9);
        ByteBuffer.wrap(newerAssignment).putShort((short) 77);
        assertThat(ConsumerProtocolCodec.readAssignment(newerAssignment).partitions())
                .containsExactly(T0);
    }

    // An assignment.

    @Test
    void kafkaReadsOurAssignment() {
        ByteBuffer written = ConsumerProtocolCodec.write(new MemberAssignment(List.of(U1, T2, T0), data()));
        assertThat(written.getShort(0)).isEqualTo(NEWEST);
        Assignment theirs = ConsumerProtocol.deserializeAssignment(written);
        assertThat(theirs.partitions()).containsExactly(T0, T2, U1);
        assertThat(theirs.userData()).isEqualTo(data());

        Assignment nothing = ConsumerProtocol.deserializeAssignment(
                ConsumerProtocolCodec.write(new MemberAssignment(List.of(), null)));
        assertThat(nothing.partitions()).isEmpty();
        assertThat(nothing.userData()).isNull();
    }

    @ParameterizedTest
    @ValueSource(shorts = {0, 1, 2, 3})
    void weReadKafkasAssignment(short version) {
        Assignment theirs = new Assignment(List.of(T0, T2, U1), data());
        assertThat(ConsumerProtocolCodec.readAssignment(bytes(ConsumerProtocol.serializeAssignment(theirs, version))))
                .isEqualTo(new MemberAssignment(List.of(T0, T2, U1), data()));
    }

    @Test
    void noBytesAreAnAssignmentOfNothing() {
        assertThat(ConsumerProtocolCodec.readAssignment(new byte[0])).isEqualTo(new MemberAssignment(List.of(), null));
    }

    // Bad bytes.

    @Test
    void bytesWithoutAVersionAreRefused() {
        for (byte[] bad : List.of(new byte[] {0}, new byte[] {-1, -1, 0, 0}, new byte[] {(byte) 0x80, 0})) {
            assertThatThrownBy(() -> ConsumerProtocolCodec.readSubscription(bad, null))
                    .isInstanceOf(MalformedResponseException.class)
                    .hasMessageContaining("version");
            assertThatThrownBy(() -> ConsumerProtocolCodec.readAssignment(bad))
                    .isInstanceOf(MalformedResponseException.class)
                    .hasMessageContaining("version");
        }
        assertThatThrownBy(() -> ConsumerProtocolCodec.readSubscription(new byte[0], null))
                .isInstanceOf(MalformedResponseException.class);
    }

    @Test
    void bytesThatEndTooEarlyAreRefused() {
        byte[] subscription = bytes(ConsumerProtocolCodec.write(
                new MemberSubscription(List.of("t", "u"), data(), List.of(T0, U1), 6, "rack", null)));
        for (int length = 0; length < subscription.length; length++) {
            byte[] cut = Arrays.copyOf(subscription, length);
            assertThatThrownBy(() -> ConsumerProtocolCodec.readSubscription(cut, null))
                    .as("%d bytes of %d", length, subscription.length)
                    .isInstanceOf(MalformedResponseException.class);
        }
        byte[] assignment = bytes(ConsumerProtocolCodec.write(new MemberAssignment(List.of(T0, U1), data())));
        for (int length = 1; length < assignment.length; length++) {
            byte[] cut = Arrays.copyOf(assignment, length);
            assertThatThrownBy(() -> ConsumerProtocolCodec.readAssignment(cut))
                    .as("%d bytes of %d", length, assignment.length)
                    .isInstanceOf(MalformedResponseException.class);
        }
    }

    @Test
    void anyBytesAreReadOrRefused() {
        long seed = Long.getLong("surefoot.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        byte[] sound = bytes(ConsumerProtocolCodec.write(
                new MemberSubscription(List.of("t", "u"), data(), List.of(T0, U1), 6, "rack", null)));
        int refused = 0;
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = sound.clone();
            for (int change = 0; change <= random.nextInt(4); change++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            refused += refuses(() -> ConsumerProtocolCodec.readSubscription(bytes, null), seed);
            refused += refuses(() -> ConsumerProtocolCodec.readAssignment(bytes), seed);
        }
        assertThat(refused).as("of 4000, seed %d", seed).isPositive();
    }

    private static int refuses(Runnable read, long seed) {
        try {
            read.run();
            return 0;
        } catch (MalformedResponseException e) {
            return 1;
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }
}
