package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;

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
            log.connectionFailed(-1, refused, second * SECOND);
        }
        assertThat(warnings).hasSize(2).allMatch(warning -> warning.contains("refused"));
    }

    @Test
    void aBrokerThatFailsOrABootstrapServerThatRecoversIsNotWarnedOf() {
        KafkaException refused = new KafkaException("refused");
        for (int second = 0; second < 60; second++) {
            log.connectionFailed(1, refused, second * SECOND);
            log.connectionFailed(-1, refused, second * SECOND);
            if (second % 2 == 0) {
                log.connected();
            }
        }
        assertThat(warnings).isEmpty();
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
