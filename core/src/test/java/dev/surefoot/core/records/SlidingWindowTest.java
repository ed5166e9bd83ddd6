package dev.surefoot.core.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the window shows is what an array of the whole content would show. */
class SlidingWindowTest {

    private static final long SEED = 4_711_000;

    /** Content that comes in pieces of random size. */
    private static final class RandomPieces implements DecompressedStream {
        private final byte[] content;
        private final Random random;
        private int at;
        private boolean closed;

        RandomPieces(byte[] content, Random random) {
            this.content = content;
            this.random = random;
        }

        @Override
        public int read(byte[] to, int start, int size) {
            if (at == content.length) {
                return -1;
            }
            int read = 1 + random.nextInt(Math.min(size, content.length - at));
            System.arraycopy(content, at, to, start, read);
            at += read;
            return read;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void randomWalksSeeTheContent() {
        for (int seed = 0; seed < 3_000; seed++) {
            Random random = new Random(SEED + seed);
            byte[] content = new byte[random.nextInt(5_000)];
            random.nextBytes(content);
            RandomPieces stream = new RandomPieces(content, random);
            int pieceBytes = 1 + random.nextInt(100);
            SlidingWindow window = new SlidingWindow(stream, pieceBytes);
            int position = 0;
            int largest = pieceBytes;
            while (position < content.length) {
                int wanted = 1 + random.nextInt(random.nextInt(10) == 0 ? 2_000 : 50);
                largest = Math.max(largest, wanted);
                int left = content.length - position;
                if (random.nextInt(5) == 0) {
                    assertThat(window.skip(wanted)).isEqualTo(Math.min(wanted, left));
                    position += Math.min(wanted, left);
                } else {
                    int available = window.fill(wanted);
                    assertThat(available).isBetween(Math.min(wanted, left), left);
                    assertThat(window.end() - window.position()).isEqualTo(available);
                    for (int i = 0; i < available; i++) {
                        assertThat(window.buffer().get(window.position() + i)).isEqualTo(content[position + i]);
                    }
                    int passed = random.nextInt(Math.min(wanted, left) + 1);
                    window.pass(passed);
                    position += passed;
                }
                assertThat(window.passedBytes()).isEqualTo(position);
                assertThat(window.buffer().capacity()).isLessThanOrEqualTo(largest);
            }
            assertThat(window.fill(1)).isZero();
            assertThat(window.hasEnded()).isTrue();
            window.close();
            assertThat(stream.closed).isTrue();
        }
    }

    @Test
    void itGrowsToNoMoreThanEightTimesWhatIsThere() {
        SlidingWindow window = new SlidingWindow(new RandomPieces(new byte[10_000], new Random(SEED)), 100);
        assertThat(window.fill(1_000_000_000)).isEqualTo(10_000);
        assertThat(window.buffer().capacity()).isBetween(10_000, 80_000);
    }

    @Test
    void aRestartClosesTheStreamBeforeAndGoesOnCounting() {
        Random random = new Random(SEED);
        RandomPieces first = new RandomPieces(new byte[50], random);
        RandomPieces second = new RandomPieces(new byte[] {7}, random);
        SlidingWindow window = new SlidingWindow(first, 10);
        assertThat(window.skip(100)).isEqualTo(50);
        window.restart(second);
        assertThat(first.closed).isTrue();
        assertThat(window.fill(1)).isEqualTo(1);
        assertThat(window.buffer().get(window.position())).isEqualTo((byte) 7);
        assertThat(window.passedBytes()).isEqualTo(50);
    }
}
