package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** Which lines count as repeats of each other, and what becomes of them. */
class QuietLoggerTest {
    private static final String REFUSED = "Failed {}authentication with {} ({})";

    private final List<String> lines = new ArrayList<>();
    private final ManualClock clock = new ManualClock();
    private final Logger log = QuietLogger.of(
            (Logger) Proxy.newProxyInstance(
                    Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                        lines.add(method.getName() + " " + Arrays.deepToString(arguments));
                        return method.getReturnType() == boolean.class ? (Object) true : null;
                    }),
            clock);

    private static String channel(String id) {
        return "localhost/127.0.0.1 (channelId=" + id + ")";
    }

    @Test
    void aRepeatWithin30SecondsIsLoggedAtDebugWithAllItSays() {
        log.info(REFUSED, "", channel("1-fetch"), "no such user");
        clock.advanceMs(29_999);
        log.info(REFUSED, "", channel("1-fetch"), "no such user");
        clock.advanceMs(1);
        log.info(REFUSED, "", channel("1-fetch"), "no such user");
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith("info ").contains(REFUSED, "1-fetch", "no such user");
        assertThat(lines.get(1)).startsWith("debug ").contains(REFUSED, "1-fetch", "no such user");
        assertThat(lines.get(2)).startsWith("info ");
    }

    @Test
    void theConnectionsOfABrokerCountAsOne() {
        log.info(REFUSED, "", channel("1-fetch"), "no");
        log.info(REFUSED, "", channel("1-control"), "no");
        log.error("Exception closing connection to node {}:", "-2-control", new IllegalStateException());
        log.error("Exception closing connection to node {}:", "-2-fetch", new IllegalStateException());
        assertThat(lines).extracting(line -> line.split(" ", 2)[0]).containsExactly("info", "debug", "error", "debug");
    }

    @Test
    void anotherBrokerAndAnotherKindOfLineAreNoRepeats() {
        log.info(REFUSED, "", channel("1-fetch"), "no");
        log.info(REFUSED, "", channel("-1-fetch"), "no");
        log.info(REFUSED, "", channel("11-fetch"), "no");
        log.warn("Unexpected error from {}; closing connection", channel("1-fetch"), new IllegalStateException());
        assertThat(lines).extracting(line -> line.split(" ", 2)[0]).containsExactly("info", "info", "info", "warn");
    }

    @Test
    void aLineThatNamesNoBrokerCountsByItsFormat() {
        log.warn("one");
        log.warn("one");
        log.warn("two");
        assertThat(lines).containsExactly("warn [one]", "debug [one]", "warn [two]");
    }

    @Test
    void whatIsNoLineAtInfoOrAbovePassesAsItIs() {
        for (int i = 0; i < 2; i++) {
            assertThat(log.isInfoEnabled()).isTrue();
            log.debug("a");
            log.trace("b {}", 1);
        }
        assertThat(lines)
                .containsExactly(
                        "isInfoEnabled null",
                        "debug [a]",
                        "trace [b {}, 1]",
                        "isInfoEnabled null",
                        "debug [a]",
                        "trace [b {}, 1]");
    }
}
