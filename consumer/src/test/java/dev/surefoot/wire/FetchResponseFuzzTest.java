package dev.surefoot.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.surefoot.core.records.Lease;
import dev.surefoot.core.session.FetchAnswer;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damages valid responses: whatever comes of it is either an answer that Kafka would read alike, or a KafkaException.
 */
@Timeout(60)
class FetchResponseFuzzTest {
    private static final int MUTATIONS_PER_VERSION = 5_000;
    private static final int SEEDS_CUT_PER_VERSION = 10;

    /**
     * What a reading may allocate: a multiple of the message, and a fixed part for an exception and its trace that
     * covers what the JVM allocates to link code on its first run.
     */
    private static final long FIXED_BYTES = 1 << 20;

    private static final long BYTES_PER_BYTE = 64;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @MethodSource("dev.surefoot.wire.FetchVersions#all")
    void aResponseCutAtAnyLengthIsMalformed(short version) {
        for (long seed = 0; seed < SEEDS_CUT_PER_VERSION; seed++) {
            ByteBuffer body = smallResponse(seed, version);
            for (int length = 0; length < body.limit(); length++) {
                ByteBuffer cut = body.duplicate().limit(length);
                assertThatThrownBy(() -> FetchResponseCodec.read(cut, version, Lease.NONE))
                        .as("seed %d cut to %d bytes", seed, length)
                        .isInstanceOf(MalformedResponseException.class)
                        .hasMessageStartingWith("Fetch response v" + version);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.surefoot.wire.FetchVersions#all")
    void aDamagedResponseIsReadAsKafkaReadsItOrMalformed(short version) {
        for (long seed = 0; seed < MUTATIONS_PER_VERSION; seed++) {
            ByteBuffer body = smallResponse(seed % 100, version);
            damage(body, new SplittableRandom(seed));
            try {
                FetchAnswer answer = readWithinBounds(body, version);
                assertThat(answer).as("seed %d", seed).isEqualTo(KafkaFetchAnswer.read(body, version, Lease.NONE));
            } catch (KafkaException e) {
                assertThat(e).as("seed %d", seed).isInstanceOf(MalformedResponseException.class);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + " of v" + version, e);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.surefoot.wire.FetchVersions#all")
    void noiseIsMalformedOrReadWithinBounds(short version) {
        for (long seed = 0; seed < 1_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] noise = new byte[random.nextInt(400)];
            random.nextBytes(noise);
            try {
                readWithinBounds(ByteBuffer.wrap(noise), version);
            } catch (KafkaException e) {
                assertThat(e).as("seed %d", seed).isInstanceOf(MalformedResponseException.class);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + " of v" + version, e);
            }
        }
    }

    private static FetchAnswer readWithinBounds(ByteBuffer body, short version) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            return FetchResponseCodec.read(body, version, Lease.NONE);
        } finally {
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
                    .as("bytes allocated for a message of %d bytes", body.remaining())
                    .isLessThan(FIXED_BYTES + BYTES_PER_BYTE * body.remaining());
        }
    }

    /** A response of which damage is likely to hit structure rather than records. */
    private static ByteBuffer smallResponse(long seed, short version) {
        SplittableRandom random = new SplittableRandom(seed);
        ByteBuffer body;
        do {
            body = new RandomFetchResponse(random, version).bytes();
        } while (body.limit() > 1_000);
        return body;
    }

    private static void damage(ByteBuffer body, SplittableRandom random) {
        int places = 1 + random.nextInt(4);
        for (int i = 0; i < places; i++) {
            int at = random.nextInt(body.limit());
            switch (random.nextInt(4)) {
                case 0 -> body.put(at, (byte) (body.get(at) ^ 1 << random.nextInt(8)));
                case 1 -> body.put(at, (byte) random.nextInt());
                case 2 -> body.put(at, (byte) 0xff);
                default -> {
                    byte[] run = new byte[Math.min(1 + random.nextInt(8), body.limit() - at)];
                    random.nextBytes(run);
                    body.put(at, run);
                }
            }
        }
    }
}
