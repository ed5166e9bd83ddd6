package dev.surefoot.core.records;

import static dev.surefoot.core.records.BatchBytes.joined;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.common.InvalidRecordException;
import org.junit.jupiter.api.Test;

/** What the JDK's own stream reads is read, with the same content; nothing else is. */
class GzipMembersTest {

    private static final long SEED = 20_261_122;

    /** From this JDK on, its stream also refuses members whose content is sound: those with reserved flags, for one. */
    private static final int REFUSING_MORE = 23;

    private final Decompressor decompressor = new Decompressor(1 << 20);

    private byte[] decompressed(byte[] compressed) {
        ByteBuffer direct = ByteBuffer.allocateDirect(compressed.length).put(compressed);
        Scratch scratch = decompressor.decompress(Codec.GZIP, (byte) 2, direct.flip());
        try {
            return Arrays.copyOf(scratch.bytes(), scratch.length());
        } finally {
            scratch.release();
        }
    }

    private static byte[] byTheJdk(byte[] compressed) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed), compressed.length + 1)) {
            return in.readAllBytes();
        }
    }

    private static byte[] member(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The same member with these fields in its header. */
    private static byte[] withFields(byte[] member, int flags) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(member, 0, 3);
        bytes.write(flags);
        bytes.write(member, 4, 6);
        if ((flags & 0x04) != 0) {
            bytes.writeBytes(new byte[] {3, 0, 'e', 'x', 't'});
        }
        if ((flags & 0x08) != 0) {
            bytes.writeBytes("name\0".getBytes(StandardCharsets.ISO_8859_1));
        }
        if ((flags & 0x10) != 0) {
            bytes.writeBytes("comment\0".getBytes(StandardCharsets.ISO_8859_1));
        }
        if ((flags & 0x02) != 0) {
            CRC32 checksum = new CRC32();
            checksum.update(bytes.toByteArray());
            bytes.write((int) checksum.getValue());
            bytes.write((int) checksum.getValue() >> 8);
        }
        bytes.write(member, 10, member.length - 10);
        return bytes.toByteArray();
    }

    private static byte[] text(Random random) {
        byte[] text = new byte[random.nextInt(2000)];
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) ('a' + random.nextInt(4));
        }
        return text;
    }

    @Test
    void headersWithAllFieldsAreRead() {
        byte[] content = "content".getBytes(StandardCharsets.US_ASCII);
        for (int flags = 0; flags < 32; flags++) {
            assertThat(decompressed(withFields(member(content), flags)))
                    .as("flags %x", flags)
                    .isEqualTo(content);
        }
    }

    @Test
    void aHeaderThatDoesNotMatchItsChecksumIsRefused() {
        byte[] damaged = withFields(member(new byte[] {1}), 0x0a);
        damaged[12] ^= 1;
        assertThatThrownBy(() -> decompressed(damaged))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("header does not match its checksum");
    }

    @Test
    void contentThatDoesNotMatchItsChecksumOrSizeIsRefused() {
        byte[] wrongChecksum = member(new byte[] {1, 2, 3});
        wrongChecksum[wrongChecksum.length - 8] ^= 1;
        assertThatThrownBy(() -> decompressed(wrongChecksum)).hasMessageContaining("does not match its checksum");
        byte[] wrongSize = member(new byte[] {1, 2, 3});
        wrongSize[wrongSize.length - 4] = 4;
        assertThatThrownBy(() -> decompressed(wrongSize)).hasMessageContaining("claims a size of 4 bytes but has 3");
    }

    @Test
    void paddingAfterTheLastMemberIsPassedOver() throws IOException {
        byte[] padded = joined(member(new byte[] {1, 2}), new byte[40]);
        assertThat(byTheJdk(padded)).isEqualTo(new byte[] {1, 2});
        assertThat(decompressed(padded)).isEqualTo(new byte[] {1, 2});
    }

    @Test
    void damagedMembersAreReadAsTheJdkReadsThem() {
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            Random random = new Random(SEED + i);
            byte[] first = text(random);
            byte[] both = first;
            byte[] data = withFields(member(first), random.nextInt(32));
            if (random.nextBoolean()) {
                byte[] second = text(random);
                both = joined(first, second);
                data = joined(data, withFields(member(second), random.nextInt(32)));
            }
            for (int damages = random.nextInt(3); damages > 0; damages--) {
                // Damage to the content of the stream is found by its checksum; most goes where the framing is.
                int at = random.nextInt(random.nextBoolean() ? data.length : Math.min(30, data.length));
                data[random.nextBoolean() ? at : data.length - 1 - at] ^= (byte) (1 << random.nextInt(8));
            }
            if (random.nextInt(4) == 0) {
                data = Arrays.copyOf(data, random.nextInt(data.length + 40));
            }
            byte[] expected = null;
            try {
                expected = byTheJdk(data);
            } catch (IOException e) {
                refused++;
            }
            byte[] actual = null;
            try {
                actual = decompressed(data);
            } catch (InvalidRecordException e) {
                assertThat(expected).as("seed %d: %s", SEED + i, e.getMessage()).isNull();
            }
            if (expected == null && actual != null && Runtime.version().feature() >= REFUSING_MORE) {
                assertThat(List.of(first, both)).as("seed %d", SEED + i).contains(actual);
            } else {
                assertThat(actual).as("seed %d", SEED + i).isEqualTo(expected);
            }
        }
        assertThat(refused).isBetween(2_000, 18_000);
    }
}
