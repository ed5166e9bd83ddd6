package dev.surefoot.core.group;

import static dev.surefoot.core.group.CommitWorld.A0;
import static dev.surefoot.core.group.CommitWorld.A1;
import static dev.surefoot.core.group.CommitWorld.B0;
import static dev.surefoot.core.group.CommitWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.CommitWorld.Sent;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitResponse;
import dev.surefoot.core.group.OffsetCommit.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/**
 * Random commits against a coordinator that refuses, answers late, loses answers and requests: what is stored of each
 * partition never goes back behind a later commit, and each commit is settled once, in order.
 */
class CommitOrderTest {
    private static final List<TopicPartition> PARTITIONS = List.of(A0, A1, B0);
    private static final List<BrokerError> PASSING = List.of(
            BrokerError.COORDINATOR_LOAD_IN_PROGRESS,
            BrokerError.NOT_COORDINATOR,
            BrokerError.COORDINATOR_NOT_AVAILABLE,
            BrokerError.UNKNOWN_TOPIC_OR_PARTITION);

    /** One run; offsets are the numbers of the commits, so that an offset tells which commit has stored it. */
    private static final class Run {
        private final SplittableRandom random;
        private final CommitWorld world = new CommitWorld(GroupSettings.Protocol.CONSUMER);
        private final Map<TopicPartition, Long> stored = new HashMap<>();
        private final List<Commit> submitted = new ArrayList<>();

        Run(long seed) {
            random = new SplittableRandom(seed);
        }

        void run() {
            for (int step = 0; step < 120; step++) {
                switch (random.nextInt(5)) {
                    case 0, 1 -> submit();
                    case 2, 3 -> answer(random.nextInt(100));
                    default -> world.now += random.nextLong(SECOND);
                }
                world.turn();
            }
            for (int step = 0; step < 200 && !world.commits.allSettled(); step++) {
                answer(100);
                world.pass(SECOND / 2);
            }
            check();
        }

        private void submit() {
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            long id = submitted.size() + 1L;
            for (TopicPartition partition : PARTITIONS) {
                if (random.nextBoolean()) {
                    offsets.put(partition, new OffsetAndMetadata(id));
                }
            }
            Commit.Kind kind = Commit.Kind.values()[random.nextInt(3)];
            Commit commit = new Commit(id, kind, world.standing.identity, offsets, world.now + 60 * SECOND);
            submitted.add(commit);
            world.commits.submit(commit);
        }

        /** Requests of one connection are handled in their order. @param luck the higher, the better */
        private void answer(int luck) {
            if (world.wire.isEmpty() || !(world.wire.get(0).request() instanceof OffsetCommitRequest)) {
                return;
            }
            if (luck < 8) {
                // The connection is lost; how many of its requests were handled before, nobody knows.
                int handled = random.nextInt(world.wire.size() + 1);
                List<Sent> lost = List.copyOf(world.wire);
                for (int at = 0; at < lost.size(); at++) {
                    if (at < handled && lost.get(at).request() instanceof OffsetCommitRequest request) {
                        request.offsets().forEach(this::store);
                    }
                }
                for (Sent sent : lost) {
                    if (!(sent.request() instanceof FindCoordinatorRequest)) {
                        world.fail(sent, RequestFailure.Kind.DISCONNECTED);
                    }
                }
                return;
            }
            OffsetCommitRequest request =
                    (OffsetCommitRequest) world.wire.get(0).request();
            BrokerError error = luck < 30 ? PASSING.get(random.nextInt(PASSING.size())) : BrokerError.NONE;
            Map<TopicPartition, Stored> said = new HashMap<>();
            request.offsets().forEach((partition, offset) -> {
                said.put(partition, new Stored(error, error.code()));
                if (error == BrokerError.NONE) {
                    store(partition, offset);
                }
            });
            world.answer(world.wire.get(0), new OffsetCommitResponse(0, said));
        }

        private void store(TopicPartition partition, OffsetAndMetadata offset) {
            Long before = stored.put(partition, offset.offset());
            assertThat(before == null || before <= offset.offset())
                    .as("%s goes back from commit %d to %d", partition, before, offset.offset())
                    .isTrue();
        }

        private void check() {
            assertThat(world.commits.allSettled()).isTrue();
            assertThat(world.settledIds())
                    .isEqualTo(submitted.stream().map(Commit::id).toList());
            for (Commit commit : submitted) {
                if (world.outcome(commit.id()) == null && commit.kind() != Commit.Kind.BEFORE_REBALANCE) {
                    commit.offsets()
                            .keySet()
                            .forEach(partition -> assertThat(stored.get(partition))
                                    .as("%s after commit %d", partition, commit.id())
                                    .isGreaterThanOrEqualTo(commit.id()));
                }
            }
        }
    }

    @Test
    void noCommitOvertakesALaterOne() {
        long first = Long.getLong("surefoot.seed", System.nanoTime());
        for (long seed = first; seed < first + 300; seed++) {
            try {
                new Run(seed).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("fails with -Dsurefoot.seed=" + seed, e);
            }
        }
    }
}
