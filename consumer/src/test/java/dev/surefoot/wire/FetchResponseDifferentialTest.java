package dev.surefoot.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.records.Lease;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.PartitionAnswer;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds our reading of Fetch responses against that of Kafka's generated message. */
class FetchResponseDifferentialTest {
    private static final int RESPONSES_PER_VERSION = 1_500;

    @ParameterizedTest
    @MethodSource("dev.surefoot.wire.FetchVersions#all")
    void weReadWhatKafkaReads(short version) {
        for (long seed = 0; seed < RESPONSES_PER_VERSION; seed++) {
            ByteBuffer body = new RandomFetchResponse(new SplittableRandom(seed), version).bytes();

            assertThat(FetchResponseCodec.read(body, version, Lease.NONE))
                    .as("seed %d", seed)
                    .isEqualTo(KafkaFetchAnswer.read(body, version, Lease.NONE));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.surefoot.wire.FetchVersions#all")
    void recordsShareTheMemoryOfTheBufferThatWasRead(short version) {
        for (long seed = 0; seed < 100; seed++) {
            ByteBuffer message = new RandomFetchResponse(new SplittableRandom(seed), version).bytes();
            ByteBuffer body = placed(message, seed % 2 == 0);
            FetchAnswer answer = FetchResponseCodec.read(body, version, Lease.NONE);
            FetchAnswer expected = KafkaFetchAnswer.read(message, version, Lease.NONE);
            assertThat(answer).as("seed %d", seed).isEqualTo(expected);

            for (int i = body.position(); i < body.limit(); i++) {
                body.put(i, (byte) ~body.get(i));
            }

            for (int i = 0; i < answer.partitions().size(); i++) {
                PartitionAnswer before = expected.partitions().get(i);
                assertThat(answer.partitions().get(i).records())
                        .as("seed %d, partition %d", seed, i)
                        .isEqualTo(complement(before.records()));
            }
        }
    }

    /** Copies the message into the middle of a larger direct or heap buffer. */
    private static ByteBuffer placed(ByteBuffer message, boolean direct) {
        int size = message.remaining();
        ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(size + 20) : ByteBuffer.allocate(size + 20);
        return buffer.position(9).put(message.duplicate()).flip().position(9);
    }

    private static ByteBuffer complement(ByteBuffer bytes) {
        ByteBuffer complement = ByteBuffer.allocate(bytes.remaining());
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            complement.put((byte) ~bytes.get(i));
        }
        return complement.flip();
    }
}
