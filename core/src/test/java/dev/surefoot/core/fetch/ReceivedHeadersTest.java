package dev.surefoot.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.records.RawHeader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceivedHeadersTest {
    private static final Header X1 = new RawHeader("x", new byte[] {1});
    private static final Header X2 = new RawHeader("x", new byte[] {2});
    private static final Header Y = new RawHeader("y", null);

    private static Headers decoded(Header... headers) {
        Headers received = new ReceivedHeaders();
        for (Header header : headers) {
            received.add(header);
        }
        return received;
    }

    @Test
    void theLastOfSeveralHeadersOfAKeyIsFound() {
        Headers headers = decoded(X1, Y, X2);

        assertThat(headers.lastHeader("x")).isSameAs(X2);
        assertThat(headers.lastHeader("z")).isNull();
        assertThat(headers.headers("x")).containsExactly(X1, X2);
        assertThat(headers.headers("z")).isEmpty();
        assertThat(headers).containsExactly(X1, Y, X2);
    }

    @Test
    void oneRecordsHeadersAreNotAnothers() {
        Headers one = new ReceivedHeaders();
        Headers other = new ReceivedHeaders();

        one.add(X1).add("k", new byte[] {3});

        assertThat(one).hasSize(2);
        assertThat(other).isEmpty();
        assertThat(decoded().toArray()).isEmpty();
    }

    @Test
    void theArrayIsACopy() {
        Headers headers = decoded(X1, Y);

        headers.toArray()[0] = X2;

        assertThat(headers).containsExactly(X1, Y);
    }

    @Test
    void headersOfEqualContentAreEqual() {
        assertThat(decoded(X1, Y)).isEqualTo(decoded(new RawHeader("x", new byte[] {1}), Y));
        assertThat(decoded(X1, Y)).hasSameHashCodeAs(decoded(new RawHeader("x", new byte[] {1}), Y));
        assertThat(decoded(X1, Y)).isNotEqualTo(decoded(Y, X1));
        assertThat(decoded(X1)).isNotEqualTo(decoded(X2));
    }

    @Test
    void theHashIsThatOfKafkasHeaders() {
        assertThat(decoded(X1, Y).hashCode())
                .isEqualTo(new RecordHeaders().add(X1).add(Y).hashCode());
    }

    @Test
    void whatKafkasHeadersRefuseIsRefused() {
        for (Headers headers : List.of(new RecordHeaders(), decoded(X1))) {
            assertThatThrownBy(() -> headers.add((Header) null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> headers.add(null, new byte[0])).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> headers.remove(null)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> headers.lastHeader(null)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> headers.headers(null)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void theySayWhatKafkasHeadersSay(long seed) {
        Random random = new Random(seed);
        Headers ours = decoded();
        Headers kafkas = new RecordHeaders();
        for (int step = 0; step < 1000; step++) {
            String key = "k" + random.nextInt(4);
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    byte[] value = random.nextInt(4) == 0 ? null : new byte[] {(byte) step};
                    ours.add(key, value);
                    kafkas.add(key, value);
                }
                case 2 -> {
                    Header header = new RawHeader(key, new byte[] {(byte) step});
                    ours.add(header);
                    kafkas.add(header);
                }
                case 3 -> {
                    if (random.nextInt(4) == 0) {
                        ours.remove(key);
                        kafkas.remove(key);
                    }
                }
                default -> {
                    removeOneWhileIterating(ours, key);
                    removeOneWhileIterating(kafkas, key);
                }
            }
            String where = "seed " + seed + ", step " + step;
            assertThat(said(ours)).as(where).isEqualTo(said(kafkas));
            assertThat(said(ours.headers(key))).as(where).isEqualTo(said(kafkas.headers(key)));
            assertThat(ours.toArray()).as(where).hasSameSizeAs(kafkas.toArray());
        }
    }

    private static void removeOneWhileIterating(Headers headers, String key) {
        for (Iterator<Header> all = headers.iterator(); all.hasNext(); ) {
            if (all.next().key().equals(key)) {
                all.remove();
                return;
            }
        }
    }

    private static List<String> said(Iterable<Header> headers) {
        List<String> said = new ArrayList<>();
        headers.forEach(header -> said.add(header.key() + "=" + java.util.Arrays.toString(header.value())));
        return said;
    }
}
