package dev.surefoot.core.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.position.AssignmentStart;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.core.position.TrackedPartition;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A thousand consumers whose partitions at one broker stop at the same moment and are not helped by anything: the
 * broker bears what they try (W25).
 */
class HerdTest {
    private static final int CLIENTS = 1_000;
    private static final int NODE = 1;
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final int SECONDS = 1_200;
    private static final int TEN_MINUTES = 600;
    private static final TopicPartition NAME = new TopicPartition("t", 0);

    /** How many steps of each kind were wished for in each second. */
    private static final class Tally {
        private final Map<Wish.Kind, int[]> perSecond = new EnumMap<>(Wish.Kind.class);

        void add(Wish.Kind kind, long atNanos) {
            perSecond.computeIfAbsent(kind, each -> new int[SECONDS + 1])[(int) (atNanos / SECOND)]++;
        }

        /** The most steps within so many seconds in a row, from a second on. */
        int most(int seconds, int from, boolean questions) {
            int most = 0;
            for (int begin = from; begin + seconds <= SECONDS; begin++) {
                int sum = 0;
                for (Map.Entry<Wish.Kind, int[]> each : perSecond.entrySet()) {
                    if (each.getKey() != Wish.Kind.USE_SESSIONS && (each.getKey() == Wish.Kind.VERIFY) == questions) {
                        for (int second = begin; second < begin + seconds; second++) {
                            sum += each.getValue()[second];
                        }
                    }
                }
                most = Math.max(most, sum);
            }
            return most;
        }
    }

    /** A consumer that looks once a second at a partition that never advances. */
    private static final class Client {
        private final Ladders ladders;
        private final PartitionLedger ledger;
        private final long suspectsNanos;
        private final boolean isAnswered;

        Client(SplittableRandom random, boolean isAnswered) {
            this.isAnswered = isAnswered;
            // Three answers in a row that are silent about a partition take a second and a half.
            suspectsNanos = (long) (random.nextDouble() * 1_500 * MILLI);
            ladders = new Ladders(RecoveryLevel.CONNECTION, 20 * SECOND, random.split(), node -> false, node -> false);
            Positions positions = new Positions(new Backoff(1, 1, new SplittableRandom(1)));
            positions.assign(Map.of(NAME, 1L), AssignmentStart.byReset(new ResetStrategy.Earliest()));
            TrackedPartition tracked = Objects.requireNonNull(positions.get(NAME));
            positions.startFetching(tracked, FetchPosition.at(10), Uuid.ZERO_UUID, 1);
            ledger = new PartitionLedger(tracked, 0);
        }

        void look(long nowNanos, Tally tally) {
            if (nowNanos < suspectsNanos) {
                return;
            }
            ledger.look(null, false, NODE, false, nowNanos);
            ladders.look(ledger, NODE, StallCause.PARTITION_LOST_FROM_SESSION, Severity.STALLED, nowNanos);
            ladders.turn(1, nowNanos, nowNanos / MILLI);
            for (Wish wish : ladders.takeWishes()) {
                tally.add(wish.kind(), nowNanos);
                if (wish.kind() == Wish.Kind.VERIFY && isAnswered) {
                    ladders.verified(NAME);
                }
            }
        }
    }

    private static Tally run(boolean isAnswered) {
        SplittableRandom random = new SplittableRandom(25);
        Map<Long, List<Client>> looks = new TreeMap<>();
        for (int i = 0; i < CLIENTS; i++) {
            looks.computeIfAbsent(random.nextLong(SECOND), each -> new ArrayList<>())
                    .add(new Client(random.split(), isAnswered));
        }
        Tally tally = new Tally();
        for (long second = 0; second < SECONDS; second++) {
            for (Map.Entry<Long, List<Client>> each : looks.entrySet()) {
                long nowNanos = second * SECOND + each.getKey();
                each.getValue().forEach(client -> client.look(nowNanos, tally));
            }
        }
        return tally;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBrokerBearsAThousandConsumersThatTryEverything(boolean leaderAnswers) {
        Tally tally = run(leaderAnswers);
        assertThat(tally.most(5, 0, true))
                .as("questions for ends in 5 s, 200 in a second")
                .isLessThanOrEqualTo(5 * 200);
        assertThat(tally.most(15, 0, false))
                .as("steps in 15 s, 270 in a second")
                .isLessThanOrEqualTo(15 * 270);
        assertThat(tally.most(1, 0, false)).as("steps in any second").isLessThanOrEqualTo(CLIENTS / 2);
        assertThat(tally.most(TEN_MINUTES, 60, false))
                .as("steps in ten minutes, 17 in a second")
                .isLessThanOrEqualTo(TEN_MINUTES * 17);
        assertThat(tally.most(1, 60, false))
                .as("who gave up together does not begin together")
                .isLessThan(270);
    }
}
