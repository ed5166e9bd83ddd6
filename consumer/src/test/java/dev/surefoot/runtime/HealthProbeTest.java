package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.progress.Diagnosis;
import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Health;
import dev.surefoot.progress.Marks;
import dev.surefoot.progress.ProgressSnapshot;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HealthProbeTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_000_000);

    private final HealthProbe probe = new HealthProbe(Duration.ofMinutes(5));

    private static ProgressSnapshot snapshot(StallCause cause, Severity severity, Duration age) {
        Diagnosis why = new Diagnosis(
                cause,
                severity,
                new Scope.Client(),
                NOW.minus(age),
                new Evidence.Offsets(Marks.UNKNOWN),
                Optional.empty());
        return new ProgressSnapshot(NOW, why, List.of(), Map.of(), new ProgressSnapshot.Summary(0, 0, 0, 0, 0, 0));
    }

    private Health ask(StallCause cause, Duration age) {
        return probe.ask(snapshot(cause, Severity.STALLED, age));
    }

    @ParameterizedTest
    @EnumSource
    void aRestartIsAdvisedOnlyWhereItHelps(StallCause cause) {
        boolean helps =
                switch (cause) {
                    case LOOP_DEAD,
                            LOOP_STUCK,
                            CLIENT_FAULT,
                            UNEXPLAINED,
                            PARTITION_LOST_FROM_SESSION,
                            SESSION_DIVERGED,
                            APPLICATION_NOT_POLLING,
                            DESERIALIZER_SLOW -> true;
                    default -> false;
                };
        assertThat(ask(cause, Duration.ofHours(1)).live()).isEqualTo(!helps);
        assertThat(ask(cause, Duration.ofSeconds(30)).live()).isEqualTo(cause != StallCause.LOOP_DEAD);
    }

    @Test
    void aConsumerThatWasReadyStaysSoWhileBrokersAreGone() {
        assertThat(ask(StallCause.JOINING_GROUP, Duration.ZERO).ready()).isFalse();
        assertThat(ask(StallCause.OWNS_NOTHING, Duration.ZERO).ready()).isTrue();
        assertThat(ask(StallCause.COORDINATOR_UNREACHABLE, Duration.ofHours(1)).ready())
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTHENTICATION_FAILING", "TLS_FAILING", "GROUP_REFUSED", "INSTANCE_FENCED"})
    void whatTheApplicationHasToMendMakesItUnready(StallCause cause) {
        ask(StallCause.OWNS_NOTHING, Duration.ZERO);

        Health health = ask(cause, Duration.ZERO);

        assertThat(health.ready()).isFalse();
        assertThat(health.live()).isTrue();
        assertThat(health.why()).map(Diagnosis::cause).contains(cause);
    }
}
