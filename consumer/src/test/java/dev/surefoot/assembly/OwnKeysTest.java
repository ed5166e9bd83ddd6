package dev.surefoot.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OwnKeysTest {
    private static final long MEBIBYTE = 1 << 20;

    @Test
    void batchesAreDecompressedAheadWhereThereIsASecondProcessor() {
        assertThat(OwnKeys.decompressionThreads(1)).isZero();
        assertThat(OwnKeys.decompressionThreads(2)).isEqualTo(1);
        assertThat(OwnKeys.decompressionThreads(64)).isEqualTo(1);
    }

    @Test
    void theDefaultBoundOfOneRecordIsHalfOfTheHeap() {
        assertThat(OwnKeys.decompressedBatchMaxBytes(Long.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE - 8);
        assertThat(OwnKeys.decompressedBatchMaxBytes(1024 * MEBIBYTE)).isEqualTo((int) (512 * MEBIBYTE));
        assertThat(OwnKeys.decompressedBatchMaxBytes(64 * MEBIBYTE)).isEqualTo((int) (32 * MEBIBYTE));
        assertThat(OwnKeys.decompressedBatchMaxBytes(MEBIBYTE)).isEqualTo((int) MEBIBYTE);
    }

    @Test
    void theDefaultBufferIsWhatAllConsumersMayHaveTogetherUpTo64MiB() {
        assertThat(OwnKeys.bufferBytes(Long.MAX_VALUE)).isEqualTo(64 * MEBIBYTE);
        assertThat(OwnKeys.bufferBytes(512 * MEBIBYTE)).isEqualTo(64 * MEBIBYTE);
        assertThat(OwnKeys.bufferBytes(4 * MEBIBYTE)).isEqualTo(4 * MEBIBYTE);
        assertThat(OwnKeys.bufferBytes(100)).isEqualTo(MEBIBYTE);
    }
}
