package dev.surefoot.core.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.exchange.RequestFailure.Reason;
import dev.surefoot.progress.Marks;
import dev.surefoot.progress.StallCause;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each reason for which a connection fails, at the third time in a row, and the cause that it is. */
class LinkCausesTest {
    private static final Map<Reason, StallCause> CAUSES = new EnumMap<>(Map.of(
            Reason.NAME_UNRESOLVED, StallCause.NAME_UNRESOLVED,
            Reason.TLS, StallCause.TLS_FAILING,
            Reason.NO_BROKER, StallCause.TLS_FAILING,
            Reason.CLOSED_IN_NEGOTIATION, StallCause.TLS_FAILING,
            Reason.CREDENTIALS, StallCause.AUTHENTICATION_FAILING,
            Reason.CLOSED_IN_AUTHENTICATION, StallCause.AUTHENTICATION_FAILING,
            Reason.AUTHENTICATION_TIMED_OUT, StallCause.AUTHENTICATION_FAILING,
            Reason.UNSUPPORTED_VERSION, StallCause.VERSION_UNSUPPORTED,
            Reason.RESPONSE_TOO_LARGE, StallCause.RECORD_TOO_LARGE,
            Reason.NO_MEMORY, StallCause.MEMORY_EXHAUSTED));

    private final FakeSurroundings surroundings = new FakeSurroundings();
    private final LinkCauses causes = new LinkCauses(LeaderCausesTest.SETTINGS, surroundings);

    @ParameterizedTest
    @EnumSource
    void theReasonOfTheLastFailureIsTheCause(Reason reason) {
        surroundings.fetch = FakeSurroundings.failing(reason, 3);

        Conclusion found = causes.conclude(1, false, Marks.UNKNOWN, 0);

        assertThat(found).isNotNull();
        assertThat(found.cause()).isEqualTo(CAUSES.getOrDefault(reason, StallCause.LEADER_UNREACHABLE));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAME_UNRESOLVED", "CREDENTIALS", "TLS", "UNSUPPORTED_VERSION"})
    void aReasonThatAllBootstrapServersHaveIsTheCauseOfAConsumerThatReachesNone(Reason reason) {
        surroundings.control = FakeSurroundings.failing(reason, 1);

        Conclusion found = causes.ofBootstrap(Marks.UNKNOWN, 0);

        assertThat(found).isNotNull();
        assertThat(found.cause()).isEqualTo(CAUSES.get(reason));
    }
}
