package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class IncomingFramesTest {
    private static final int MOST = 1_000_000;

    private final IncomingFrames frames = new IncomingFrames(MOST);

    private String problem(byte... bytes) {
        return frames.problem(ByteBuffer.wrap(bytes), 0, bytes.length);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] frame(int size, int sent) {
        return ByteBuffer.allocate(Integer.BYTES + sent).putInt(size).array();
    }

    @Test
    void framesOfAnySizeWithinTheBoundAreNoProblemHoweverTheyAreDivided() {
        ByteBuffer stream = ByteBuffer.allocate(3_000);
        for (int size : new int[] {0, 1, 4, 700, 1_000}) {
            // What looks like TLS or HTTP within a frame is an answer's own.
            stream.putInt(size).put(new byte[size]);
        }
        for (int piece = 1; piece < 50; piece++) {
            IncomingFrames each = new IncomingFrames(1_000);
            for (int from = 0; from < stream.position(); from += piece) {
                int count = Math.min(piece, stream.position() - from);
                assertThat(each.problem(stream, from, count)).isNull();
            }
        }
    }

    @Test
    void aFrameThatIsExactlyTheMostIsAccepted() {
        assertThat(problem(frame(MOST, 10))).isNull();
        assertThat(new IncomingFrames(MOST).problem(ByteBuffer.wrap(frame(MOST + 1, 0)), 0, 4))
                .isNotNull();
    }

    @Test
    void aTlsAlertOrHandshakeIsNamedAlsoWhereAnswersMayBeThatLarge() {
        for (byte type : new byte[] {0x15, 0x16}) {
            IncomingFrames generous = new IncomingFrames(Integer.MAX_VALUE);
            ByteBuffer record = ByteBuffer.wrap(new byte[] {type, 3, 3, 0, 2});
            assertThat(generous.problem(record, 0, 2)).isNull();
            assertThat(generous.problem(record, 2, 3)).contains("TLS").contains("security.protocol");
        }
    }

    @Test
    void aWebServerIsNamed() {
        assertThat(problem(text("HTTP/1.1 400 Bad Request"))).contains("HTTP").contains("bootstrap.servers");
    }

    @Test
    void anyOtherProtocolIsShownByItsFirstBytes() {
        assertThat(problem(text("SSH-2.0-OpenSSH"))).contains("'SSH-'").contains("security.protocol");
        assertThat(new IncomingFrames(MOST).problem(ByteBuffer.wrap(new byte[] {-1, -5, 1, 3}), 0, 4))
                .contains("0xfffb0103");
    }

    @Test
    void aLaterFrameBeyondTheBoundNamesTheKeyThatRaisesIt() {
        // A record of TLS is no TLS where Kafka responses came before.
        for (int claim : new int[] {0x15030300, -1, MOST + 1}) {
            IncomingFrames each = new IncomingFrames(MOST);
            assertThat(each.problem(ByteBuffer.wrap(frame(5, 5)), 0, 9)).isNull();
            assertThat(each.problem(ByteBuffer.wrap(frame(claim, 0)), 0, 4))
                    .contains("fetch.max.bytes")
                    .contains(claim + " bytes")
                    .contains("" + MOST);
        }
    }
}
