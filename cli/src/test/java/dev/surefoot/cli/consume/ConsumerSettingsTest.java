package dev.surefoot.cli.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.surefoot.cli.console.CommandFailure;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsumerSettingsTest {

    private final List<String> notices = new ArrayList<>();

    @TempDir
    private Path folder;

    /** Each place where a user can set a key. */
    enum Source {
        OPTION,
        FILE,
        FILE_WITH_BYTE_ORDER_MARK
    }

    @ParameterizedTest
    @EnumSource
    void aKnownKeyIsTakenFromEverySource(Source source) {
        assertThat(merged(source, "isolation.level=read_committed")).containsEntry("isolation.level", "read_committed");
        assertThat(notices).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aMisspeltKeyIsRefusedInEverySourceWithTheNearestKey(Source source) {
        assertRefused(source, "'isolation.levl'; did you mean isolation.level?", "isolation.levl=read_committed");
    }

    @ParameterizedTest
    @CsvSource({
        "Isolation.Level, isolation.level",
        "ISOLATION_LEVEL, isolation.level",
        "fetch.min.bites, fetch.min.bytes",
        "enable.incremental.fetch.sesions, enable.incremental.fetch.sessions",
        "ssl.trustore.location, ssl.truststore.location",
        "sasl.jaas.confg, sasl.jaas.config",
    })
    void theNearestKeyIsFound(String key, String meant) {
        for (Source source : Source.values()) {
            assertRefused(source, "'" + key + "'; did you mean " + meant + "?", key + "=x");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKeyThatNothingCouldReadIsRefusedInEverySource(Source source) {
        assertRefused(source, "'acme.password'; correct or remove it", "acme.password=x");
        assertRefused(
                source,
                "'acme.password'; correct or remove it",
                "acme.password=x",
                "metric.reporters=org.apache.kafka.common.metrics.JmxReporter");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssl.engine.factory.class=com.acme.Engine",
                "sasl.login.callback.handler.class=com.acme.Login",
                "sasl.client.callback.handler.class=com.acme.Client",
                "metric.reporters=org.apache.kafka.common.metrics.JmxReporter, com.acme.Metrics",
                "interceptor.classes=com.acme.Interceptor",
                "security.providers=com.acme.Provider",
            })
    void theKeysOfAConfiguredClassAreKeptInEverySource(String plugIn) {
        for (Source source : Source.values()) {
            assertThat(merged(source, "acme.password=x", "ssl.engine.factory.path=y", plugIn))
                    .containsEntry("acme.password", "x")
                    .containsEntry("ssl.engine.factory.path", "y");
            assertRefused(source, "did you mean isolation.level?", "isolation.levl=read_committed", plugIn);
        }
    }

    @ParameterizedTest
    @EnumSource
    void keysWithAnOpenPrefixAreKept(Source source) {
        assertThat(merged(
                        source,
                        "config.providers=env",
                        "config.providers.env.class=org.apache.kafka.common.config.provider.EnvVarConfigProvider",
                        "metrics.context.zone=a",
                        "surefoot.buffer.bytes=2000000"))
                .containsKeys("config.providers.env.class", "metrics.context.zone", "surefoot.buffer.bytes");
    }

    @ParameterizedTest
    @EnumSource
    void aKeyThatIsGivenTwiceIsRefusedInEverySource(Source source) {
        assertRefused(source, "check.crcs is given twice", "check.crcs=true", "check.crcs=false");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "group.id",
                "group.instance.id",
                "bootstrap.servers",
                "key.deserializer",
                "value.deserializer",
                "enable.auto.commit",
                "acks",
                "linger.ms"
            })
    void whatDoesNothingHereIsRefusedAsAnOptionAndToldOfAFile(String key) {
        assertRefused(Source.OPTION, key, key + "=true");

        Map<String, Object> settings = merged(Source.FILE, key + "=true");

        assertThat(settings.get(key)).isNotEqualTo("true");
        assertThat(notices).singleElement().asString().contains("--command-config", "nothing is done here with " + key);
    }

    @Test
    void anOptionOverridesTheFile() {
        Path file = written("check.crcs=false", StandardCharsets.UTF_8);

        assertThat(settings().merge(file, List.of("check.crcs=true"))).containsEntry("check.crcs", "true");
    }

    @Test
    void valuesKeepTheirEqualsSignsAndLettersOfAllKinds() {
        Path file = written("client.id=čaj=🍵", StandardCharsets.UTF_8);

        assertThat(settings().merge(file, List.of("client.rack=a=b=")))
                .containsEntry("client.id", "čaj=🍵")
                .containsEntry("client.rack", "a=b=");
    }

    @Test
    void aFileThatIsNotUtf8IsRefusedWithWhatToDo() {
        assertFileRefused(written("client.id=Ján", StandardCharsets.ISO_8859_1), "is not UTF-8");
        assertFileRefused(written("client.id=a", StandardCharsets.UTF_16), "is not UTF-8");
        assertFileRefused(written("client.id=\\u00zz", StandardCharsets.UTF_8), "cannot read");
    }

    @Test
    void whatIsNoFileIsRefused() {
        assertFileRefused(folder, "is a directory");
        assertFileRefused(folder.resolve("missing"), "there is no readable file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"isolation.level", ""})
    void anOptionWithoutAnEqualsSignIsRefused(String option) {
        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> settings().merge(null, List.of(option)))
                .withMessageContaining("KEY=VALUE");
    }

    @Test
    void aGroupIsJoinedFromItsCommittedOffsets() {
        assertThat(inGroup(null).merge(null, List.of("group.protocol=consumer", "group.instance.id=one")))
                .containsEntry("group.id", "billing")
                .containsEntry("group.protocol", "consumer")
                .containsEntry("group.instance.id", "one")
                .containsEntry("auto.offset.reset", "earliest")
                .containsEntry("enable.auto.commit", false);
    }

    @Test
    void theStartOfPartitionsWithoutACommittedOffsetIsChosenOnce() {
        Path file = written("auto.offset.reset=none\ngroup.id=other", StandardCharsets.UTF_8);

        assertThat(inGroup(null).merge(file, List.of())).containsEntry("auto.offset.reset", "none");
        assertThat(inGroup("latest").merge(file, List.of())).containsEntry("auto.offset.reset", "latest");
        assertThat(inGroup(null).merge(file, List.of("auto.offset.reset=by_duration:PT1H")))
                .containsEntry("auto.offset.reset", "by_duration:PT1H")
                .containsEntry("group.id", "billing");
        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> inGroup("latest").merge(null, List.of("auto.offset.reset=earliest")))
                .withMessageContaining("--from and --config auto.offset.reset")
                .matches(failure -> failure.exitCode() == 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"group.id", "enable.auto.commit"})
    void whatAnOptionSaysAboutTheGroupIsNoKey(String key) {
        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> inGroup(null).merge(null, List.of(key + "=true")))
                .withMessageContaining(key.equals("group.id") ? "use --group" : "use --commit")
                .matches(failure -> failure.exitCode() == 2);
    }

    @Test
    void theIntervalOfCommitsIsTheConsumers() {
        assertThat(ConsumerSettings.commitIntervalMs(Map.of())).isEqualTo(5_000);
        assertThat(ConsumerSettings.commitIntervalMs(Map.of("auto.commit.interval.ms", "200")))
                .isEqualTo(200);
    }

    private ConsumerSettings inGroup(String offsetReset) {
        return new ConsumerSettings(
                "localhost:9092",
                Duration.ofSeconds(1),
                Optional.of(new GroupToJoin("billing", offsetReset, CommitMode.ON_EXIT)),
                notices::add);
    }

    private void assertRefused(Source source, String words, String... lines) {
        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> merged(source, lines))
                .withMessageStartingWith(source == Source.OPTION ? "--config" : "--command-config")
                .withMessageContaining(words)
                .matches(failure -> failure.exitCode() == 2);
    }

    private void assertFileRefused(Path file, String words) {
        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> settings().merge(file, List.of()))
                .withMessageContaining("--command-config")
                .withMessageContaining(words)
                .withMessageContaining(file.toString())
                .matches(failure -> failure.exitCode() == 2);
    }

    private Map<String, Object> merged(Source source, String... lines) {
        return switch (source) {
            case OPTION -> settings().merge(null, List.of(lines));
            case FILE -> settings().merge(written(String.join("\n", lines), StandardCharsets.UTF_8), List.of());
            case FILE_WITH_BYTE_ORDER_MARK ->
                settings().merge(written("\ufeff" + String.join("\n", lines), StandardCharsets.UTF_8), List.of());
        };
    }

    private ConsumerSettings settings() {
        return new ConsumerSettings("localhost:9092", Duration.ofSeconds(1), Optional.empty(), notices::add);
    }

    private Path written(String text, Charset charset) {
        try {
            return Files.writeString(folder.resolve("client.properties"), text, charset);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
