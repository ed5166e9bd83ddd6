package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.net.FailureLog.Attempt;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class FailureLogTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final List<String> warnings = new ArrayList<>();
    private final FailureLog log = new FailureLog((Logger) Proxy.newProxyInstance(
            Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("warn")) {
                    warnings.add(Arrays.deepToString(arguments));
                }
                return null;
            }));

    @Test
    void bootstrapServersThatStayUnreachableAreWarnedOfNowAndThen() {
        KafkaException refused = new KafkaException("refused");
        for (int second = 0; second < 60; second++) {
            log.connectionFailed(bootstrap(), refused, second * SECOND);
        }
        assertThat(warnings).hasSize(2).allMatch(warning -> warning.contains("refused"));
    }

    @Test
    void aBrokerThatFailsOrABootstrapServerThatRecoversIsNotWarnedOf() {
        KafkaException refused = new KafkaException("refused");
        for (int second = 0; second < 60; second++) {
            log.connectionFailed(broker(false), refused, second * SECOND);
            log.connectionFailed(bootstrap(), refused, second * SECOND);
            if (second % 2 == 0) {
                log.served("1-fetch");
            }
        }
        assertThat(warnings).isEmpty();
    }

    private static Attempt bootstrap() {
        return new Attempt(-1, "-1-control", "broker at b:1", false);
    }

    private static Attempt broker(boolean reached) {
        return new Attempt(1, "1-fetch", "broker 1", reached);
    }

    @Test
    void aBrokerThatServesNothingIsWarnedOfWhenThatLasts() {
        KafkaException closed = new KafkaException("closed at its first request");
        for (int second = 0; second < 40; second++) {
            log.connectionFailed(broker(true), closed, second * SECOND);
            if (second < 5) {
                assertThat(warnings).isEmpty();
            }
        }
        assertThat(warnings)
                .hasSize(2)
                .allMatch(warning -> warning.contains("closed at its first request") && warning.contains("broker 1"));
    }

    @Test
    void aBrokerThatCannotBeReachedMayBeRestartingFirst() {
        KafkaException refused = new KafkaException("refused");
        for (int second = 0; second <= 30; second++) {
            assertThat(warnings).isEmpty();
            log.connectionFailed(broker(false), refused, second * SECOND);
        }
        assertThat(warnings).singleElement().asString().contains("refused");
    }

    @Test
    void failuresThatAreFarApartAreNotInARow() {
        KafkaException refused = new KafkaException("refused");
        for (int hour = 0; hour < 10; hour++) {
            log.connectionFailed(broker(true), refused, hour * 3600 * SECOND);
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void eachCauseOfARefusalIsWarnedOf() {
        for (int second = 0; second < 20; second++) {
            log.authenticationFailed("broker 1", new KafkaException("no such user"), second * SECOND);
            log.authenticationFailed("broker 2", new KafkaException("expired"), second * SECOND);
        }
        assertThat(warnings).hasSize(2);
        assertThat(warnings.get(0)).contains("no such user");
        assertThat(warnings.get(1)).contains("expired");
    }

    @Test
    void refusedCredentialsAreWarnedOfAtOnceAndThenNowAndThen() {
        KafkaException refused = new KafkaException("no such user");
        for (int second = 0; second < 60; second++) {
            log.authenticationFailed("broker 1", refused, second * SECOND);
        }
        assertThat(warnings).hasSize(2).allMatch(warning -> warning.contains("no such user"));
    }
}
