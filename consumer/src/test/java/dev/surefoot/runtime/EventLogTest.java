package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.EngineEvent;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.GroupEvent;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.Verdict;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

/** Log lines are plain text: no line shows how one of our own types is written in code. */
class EventLogTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final List<String> lines = new ArrayList<>();
    private final EventLog log = new EventLog(
            (Logger) Proxy.newProxyInstance(
                    Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                        String format = (String) arguments[0];
                        Object[] values = arguments[1] instanceof Object[] many
                                ? many
                                : Arrays.copyOfRange(arguments, 1, arguments.length);
                        lines.add(method.getName() + " "
                                + MessageFormatter.arrayFormat(format, values).getMessage());
                        return null;
                    }),
            "me");

    private void assertPlain() {
        assertThat(lines)
                .isNotEmpty()
                .allSatisfy(line ->
                        assertThat(line).doesNotContainPattern("[A-Z]\\w*\\[").doesNotContainPattern("[A-Z]+_[A-Z]+"));
    }

    @Test
    void aLostPositionIsToldInFull() {
        log.lost(new EngineEvent.PositionLost(PARTITION, "offset 5 is out of range; goes on at offset 60"));

        assertThat(lines)
                .containsExactly("warn [me] Position of t-0 lost: offset 5 is out of range; goes on at offset 60");
    }

    @ParameterizedTest
    @EnumSource
    void aMismatchIsNamedInWords(Verdict.Mismatch divergence) {
        log.disturbed(new EngineEvent.SessionDisturbed(1, new Verdict.SessionMismatch(divergence, "t-0")));

        assertPlain();
    }

    @ParameterizedTest
    @EnumSource
    void aDoubtIsNamedInWords(Verdict.DoubtReason reason) {
        FetchTarget target = new FetchTarget(7, 0, 0, 100);
        for (int repeats = 1; repeats <= 3; repeats++) {
            Verdict.Doubt doubt = new Verdict.Doubt(PARTITION, target, reason, repeats);
            log.disturbed(new EngineEvent.SessionDisturbed(
                    1, new Verdict.Accepted(Verdict.Outcome.CONTINUED, List.of(), List.of(doubt))));
        }

        assertThat(lines).hasSize(2);
        assertPlain();
    }

    @Test
    void aRefusedSessionKeepsTheProtocolsName() {
        log.disturbed(new EngineEvent.SessionDisturbed(1, new Verdict.Refused(BrokerError.FETCH_SESSION_ID_NOT_FOUND)));

        assertThat(lines).singleElement().asString().contains("(FETCH_SESSION_ID_NOT_FOUND)");
    }

    @Test
    void aRefusalWithACodeOfTheFutureKeepsItsNumber() {
        Verdict refused = new Verdict.Refused(BrokerError.UNKNOWN_SERVER_ERROR, (short) 9999);
        log.disturbed(new EngineEvent.SessionDisturbed(1, refused));

        assertThat(lines).singleElement().asString().contains("error code 9999, which this version does not know");
    }

    @Test
    void aFetchThatKeepsFailingIsWarnedOfOnce() {
        KafkaException cause = BrokerError.UNKNOWN_SERVER_ERROR.exception("Fetching t-0 from offset 5", (short) 9999);
        for (int failures = 1; failures <= 20; failures++) {
            log.fetchFailed(new EngineEvent.FetchFailed(PARTITION, cause, failures));
        }

        assertThat(lines).hasSize(20);
        assertThat(lines)
                .filteredOn(line -> line.startsWith("warn "))
                .singleElement()
                .asString()
                .contains("Fetching t-0 from offset 5: error code 9999", "5 times in a row");
    }

    @Test
    void aRebalanceIsOneLineAtInfo() {
        log.grouped(new GroupEvent.RebalanceStarted("topic subscription changed"));
        log.grouped(new GroupEvent.HeartbeatSent());
        log.grouped(new GroupEvent.RequestEnded(GroupEvent.Api.JOIN, 5));
        log.grouped(new GroupEvent.RoundFailed());
        log.grouped(new GroupEvent.RebalanceEnded(7, 3, 12_000_000, false));

        assertThat(lines)
                .containsExactly(
                        "debug [me] A rebalance begins: topic subscription changed",
                        "info [me] The rebalance has ended after 12 ms, in generation or epoch 7, with 3 partitions; it"
                                + " began because: topic subscription changed");
    }

    @Test
    void aFailedRebalanceIsSaidToHaveFailed() {
        log.grouped(new GroupEvent.RebalanceEnded(7, 0, 12_000_000, true));
        assertThat(lines).singleElement().asString().contains("has failed after 12 ms");
    }

    @Test
    void whatIsWrongWithAGroupIsAWarning() {
        log.grouped(new GroupEvent.OffsetsOutdated(Set.of(PARTITION)));
        log.grouped(new GroupEvent.OffsetUnstable(PARTITION, 11_000_000_000L));
        log.grouped(new GroupEvent.LeaseLapsed(0));
        log.grouped(new GroupEvent.MembershipEnded("UNKNOWN_MEMBER_ID", null));

        assertThat(lines).hasSize(4).allSatisfy(line -> assertThat(line).startsWith("warn [me] "));
        assertThat(lines.get(0)).contains("t-0").contains("created anew");
        assertThat(lines.get(1)).contains("t-0").contains("11000 ms");
    }
}
