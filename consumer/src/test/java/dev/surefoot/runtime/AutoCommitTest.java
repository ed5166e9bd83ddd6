package dev.surefoot.runtime;

import static dev.surefoot.runtime.GroupWorld.FIRST;
import static dev.surefoot.runtime.GroupWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.handover.FetchPosition;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is committed by itself, and when. */
class AutoCommitTest {
    private static final int INTERVAL_MS = 5000;

    private final GroupWorld world = GroupWorld.cooperative(new GroupOptions(
            true,
            Duration.ofMillis(INTERVAL_MS).toNanos(),
            Duration.ofMinutes(1).toNanos()));

    @AfterEach
    void close() {
        world.commit = BrokerError.NONE;
        world.close();
    }

    private long commits() {
        return world.count(OffsetCommitRequest.class);
    }

    private void passInterval() {
        world.clock.advanceMs(INTERVAL_MS);
    }

    @Test
    void whatEarlierPollsReturnedIsCommittedOnceInAnInterval() {
        world.joined();
        world.read(2, FIRST);
        assertThat(commits()).isZero();
        passInterval();
        world.read(2, FIRST);
        world.turn();
        assertThat(commits()).isEqualTo(1);
        assertThat(world.offsets).containsEntry(FIRST, 2L);
        world.poll(0);
        world.turn();
        assertThat(commits()).isEqualTo(1);
        passInterval();
        world.poll(0);
        world.turn();
        assertThat(world.offsets).containsEntry(FIRST, 4L);
    }

    @Test
    void oneCommitIsUnderWayAtMost() {
        world.joined();
        world.read(2, FIRST);
        world.commit = null;
        passInterval();
        world.poll(0);
        world.turn();
        passInterval();
        world.poll(0);
        world.turn();
        assertThat(commits()).isEqualTo(1);
        world.answerCommit(BrokerError.NONE);
        world.turn();
        world.read(1, FIRST);
        passInterval();
        world.poll(0);
        world.turn();
        assertThat(commits()).isEqualTo(2);
    }

    @Test
    void whatIsStoredIsNotCommittedAgainForAnHour() {
        world.joined();
        world.read(2, FIRST);
        for (int interval = 0; interval < 5; interval++) {
            passInterval();
            world.poll(0);
            world.turn();
        }
        assertThat(commits()).isEqualTo(1);
        world.clock.advanceMs(3_600_000);
        // In an hour without a turn the member has lost its coordinator, which is looked up first.
        for (int turn = 0; turn < 5; turn++) {
            world.poll(0);
            world.turn();
        }
        assertThat(commits()).as("a coordinator may let it expire").isEqualTo(2);
    }

    @Test
    void onlyWhatHasMovedIsCommitted() {
        world.joined();
        world.read(2, FIRST);
        passInterval();
        world.poll(0);
        world.turn();
        world.runtime.offsets().seek(SECOND, FetchPosition.at(3));
        passInterval();
        world.poll(0);
        world.turn();
        List<OffsetCommitRequest> sent = world.transport.sent.stream()
                .filter(OffsetCommitRequest.class::isInstance)
                .map(OffsetCommitRequest.class::cast)
                .toList();
        assertThat(sent.get(sent.size() - 1).offsets()).containsOnlyKeys(SECOND);
    }

    @Test
    void whatAnApplicationCommitsByItselfCounts() {
        world.joined();
        world.read(2, FIRST);
        world.member.commits().commitAsync(world.member.commits().consumed(), null);
        world.turn();
        passInterval();
        world.poll(0);
        world.turn();
        assertThat(commits()).isEqualTo(1);
    }

    @Test
    void afterAPassingErrorItIsTriedAgainSoon() {
        world.joined();
        world.read(2, FIRST);
        world.commit = BrokerError.COORDINATOR_LOAD_IN_PROGRESS;
        passInterval();
        world.poll(0);
        world.turn();
        world.poll(0);
        world.commit = BrokerError.NONE;
        world.clock.advanceMs(200);
        world.poll(0);
        world.turn();
        assertThat(commits()).isEqualTo(2);
        assertThat(world.offsets).containsEntry(FIRST, 2L);
    }

    @Test
    void afterAnyOtherErrorItWaitsForTheInterval() {
        world.joined();
        world.read(2, FIRST);
        world.commit = BrokerError.OFFSET_METADATA_TOO_LARGE;
        passInterval();
        world.poll(0);
        world.turn();
        world.poll(0);
        world.clock.advanceMs(200);
        world.poll(0);
        world.turn();
        assertThat(commits()).isEqualTo(1);
    }

    @Test
    void whatWasSoughtIsCommittedThoughItIsLess() {
        world.joined();
        world.read(4, FIRST);
        world.runtime.offsets().seek(FIRST, FetchPosition.at(1));
        passInterval();
        world.poll(0);
        world.turn();
        assertThat(world.offsets).containsEntry(FIRST, 1L);
    }

    @Test
    void onlyWhatIsRevokedIsCommittedBeforeTheInterval() {
        world.joined();
        world.read(2, FIRST);
        world.runtime.offsets().seek(SECOND, FetchPosition.at(3));
        world.plan = List.of(SECOND);
        world.heartbeat = BrokerError.REBALANCE_IN_PROGRESS;
        world.turnFor(3100);
        world.pollUntilTold("revoked [0]");
        assertThat(world.transport.sent.stream()
                        .filter(OffsetCommitRequest.class::isInstance)
                        .map(OffsetCommitRequest.class::cast)
                        .map(request -> request.offsets().keySet()))
                .contains(java.util.Set.of(FIRST));
        assertThat(world.offsets).containsEntry(FIRST, 2L);
    }

    @Test
    void nothingIsCommittedWithoutAPosition() {
        world.committed = BrokerError.UNSTABLE_OFFSET_COMMIT;
        world.joined();
        passInterval();
        world.poll(0);
        world.turn();
        assertThat(commits()).isZero();
    }

    @Test
    void aPositionThatWasFoundAfterTheLastPollIsCommittedWhenItIsGivenUp() {
        world.committed = BrokerError.UNSTABLE_OFFSET_COMMIT;
        world.joined();
        world.committed = BrokerError.NONE;
        world.offsets.put(FIRST, 10L);
        world.turnFor(2000);
        assertThat(commits()).isZero();
        world.close();
        assertThat(world.transport
                        .lastSent(OffsetCommitRequest.class)
                        .offsets()
                        .get(FIRST)
                        .offset())
                .isEqualTo(10);
    }

    @Test
    void unsubscribingCommitsNothing() {
        world.joined();
        world.read(2, FIRST);
        world.member.unsubscribe();
        assertThat(commits()).isZero();
    }

    @Test
    void partitionsOfTheApplicationsChoiceAreCommittedToo() {
        world.runtime.assignments().assign(List.of(FIRST));
        world.read(2, FIRST);
        passInterval();
        world.poll(0);
        world.turn();
        assertThat(world.offsets).containsEntry(FIRST, 2L);
        world.read(1, FIRST);
        world.close();
        assertThat(world.offsets).containsEntry(FIRST, 3L);
    }

    @Test
    void aPositionThatTheApplicationHasNotAskedForIsNotCommitted() {
        world.offsets.put(FIRST, 10L);
        world.runtime.assignments().assign(List.of(FIRST));
        world.turnFor(2000);
        assertThat(world.member.commits().consumed()).isEmpty();
        world.close();

        assertThat(commits())
                .as("it would replace the metadata of the committed offset")
                .isZero();
    }

    @Test
    void aSoughtPositionIsCommittedWithoutAPoll() {
        world.runtime.assignments().assign(List.of(FIRST));
        world.runtime.offsets().seek(FIRST, FetchPosition.at(5));
        world.turnFor(2000);
        world.close();

        assertThat(world.offsets).containsEntry(FIRST, 5L);
    }
}
