package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JvmDirectMemoryTest {
    private static final int BYTES = 1 << 20;

    private final JvmDirectMemory memory = new JvmDirectMemory();

    @Test
    void theLimitIsTheOptionsOrElseTheHeaps() {
        assertThat(JvmDirectMemory.limit(8, 64)).isEqualTo(8);
        assertThat(JvmDirectMemory.limit(0, 64)).isEqualTo(64);
        assertThat(memory.limitBytes()).isPositive();
    }

    @Test
    void whatIsMadeIsSeenAndWhatIsCollectedToo() {
        makeOne();

        long collected = 0;
        while (collected == 0) {
            memory.collect();
            collected = memory.takeCollectedBytes();
        }
        assertThat(collected).isEqualTo(BYTES);
        assertThat(memory.takeCollectedBytes()).isZero();
    }

    private void makeOne() {
        ByteBuffer buffer = memory.allocate(BYTES);
        assertThat(memory.usedBytes()).isGreaterThanOrEqualTo(BYTES);
        assertThat(memory.takeCollectedBytes()).isZero();
        assertThat(buffer.capacity()).isEqualTo(BYTES);
    }
}
