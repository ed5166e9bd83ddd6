package dev.surefoot.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.SurefootConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConflictingKeysTest {

    private static List<String> conflicts(Map<String, Object> settings) {
        Map<String, Object> given = new HashMap<>(settings);
        given.put("bootstrap.servers", "localhost:9092");
        return ConflictingKeys.in(SurefootConfig.of(given, new StringDeserializer(), new StringDeserializer()));
    }

    @Test
    void theDefaultsDoNotConflict() {
        assertThat(conflicts(Map.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"30000,30000", "60000,30000", "500,500", "500,100", "2147483647,30000"})
    void aFetchThatMayWaitForAsLongAsARequestMayTakeIsNamedWithBothKeysAndWhatToDo(int waitMs, int timeoutMs) {
        assertThat(conflicts(Map.of("fetch.max.wait.ms", waitMs, "request.timeout.ms", timeoutMs)))
                .filteredOn(conflict -> conflict.contains("request.timeout.ms"))
                .singleElement()
                .asString()
                .contains(
                        "fetch.max.wait.ms (" + waitMs + ")",
                        "request.timeout.ms (" + timeoutMs + ")",
                        ((long) waitMs + timeoutMs) + " ms",
                        "Lower fetch.max.wait.ms");
    }

    @ParameterizedTest
    @CsvSource({"500,500", "500,0", "10000,9999"})
    void aFetchThatMayWaitForAsLongAsAConnectionMayBeIdleIsNamedWithBothKeysAndWhatToDo(int waitMs, long idleMs) {
        assertThat(conflicts(Map.of("fetch.max.wait.ms", waitMs, "connections.max.idle.ms", idleMs)))
                .singleElement()
                .asString()
                .contains(
                        "fetch.max.wait.ms (" + waitMs + ")",
                        "connections.max.idle.ms (" + idleMs + ")",
                        "Lower fetch.max.wait.ms");
    }

    @ParameterizedTest
    @CsvSource({"29999,30000,540000", "0,1,1", "500,30000,-1", "500,30000,9223372036854775807", "500,30000,501"})
    void whatIsHarmlessIsNotNamed(int waitMs, int timeoutMs, long idleMs) {
        assertThat(conflicts(Map.of(
                        "fetch.max.wait.ms",
                        waitMs,
                        "request.timeout.ms",
                        timeoutMs,
                        "connections.max.idle.ms",
                        idleMs,
                        "default.api.timeout.ms",
                        10,
                        "reconnect.backoff.ms",
                        5_000L,
                        "socket.connection.setup.timeout.ms",
                        90_000L)))
                .isEmpty();
    }

    @Test
    void noTimeForAnyRequestIsNamed() {
        assertThat(conflicts(Map.of("request.timeout.ms", 0)))
                .singleElement()
                .asString()
                .contains("request.timeout.ms is 0", "30000");
    }
}
