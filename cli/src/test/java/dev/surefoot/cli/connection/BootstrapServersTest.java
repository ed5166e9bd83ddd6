package dev.surefoot.cli.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.surefoot.cli.console.CommandFailure;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BootstrapServersTest {

    private final List<String> notices = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        "localhost:9092, localhost",
        "127.0.0.1:1, 127.0.0.1",
        "[::1]:65535, [::1]",
        "::1:9092, ::1",
        "PLAINTEXT://my_broker-1.example:9092, my_broker-1.example",
        "' good:9092 , ', good",
    })
    void everyFormOfABrokerIsUnderstood(String text, String host) {
        assertThat(BootstrapServers.parse(text).servers())
                .extracting(BootstrapServers.Server::host)
                .containsExactly(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                "localhost",
                "localhost:",
                ":9092",
                "localhost:kafka",
                "localhost:0",
                "localhost:65536",
                "localhost:99999999999",
                "http://localhost:9092/",
                "::1",
                "[::1]",
                "[::g]:9092",
                "good:9092,bad"
            })
    void whatIsNoBrokerIsWrongUsageThatNamesTheOption(String text) {
        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> BootstrapServers.parse(text))
                .withMessageContaining("--bootstrap-server")
                .matches(failure -> failure.exitCode() == 2);
    }

    @Test
    void anUnknownHostIsAFailureAtRunTimeThatNamesItAndTheOption() {
        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> resolve("bad:9092,worse:9092"))
                .withMessageContaining("--bootstrap-server")
                .withMessageContaining("'bad', 'worse'")
                .matches(failure -> failure.exitCode() == 1);
    }

    @Test
    void oneUnknownHostAmongOthersIsTold() {
        resolve("bad:9092,good:9092,bad:9093");

        assertThat(notices).singleElement().asString().contains("--bootstrap-server", "'bad'", "the others");
    }

    @Test
    void nothingIsToldWhereAllHostsAreKnown() {
        resolve("good:9092");

        assertThat(notices).isEmpty();
    }

    private void resolve(String text) {
        BootstrapServers.parse(text).resolve(BootstrapServersTest::onlyGood, notices::add);
    }

    private static InetAddress[] onlyGood(String host) throws UnknownHostException {
        if (!host.equals("good")) {
            throw new UnknownHostException(host);
        }
        return new InetAddress[] {InetAddress.getLoopbackAddress()};
    }
}
