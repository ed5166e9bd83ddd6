package dev.surefoot.testkit.simulation.coordinator;

import static dev.surefoot.testkit.simulation.coordinator.ClassicMessages.assignment;
import static dev.surefoot.testkit.simulation.coordinator.ClassicMessages.commit;
import static dev.surefoot.testkit.simulation.coordinator.ClassicMessages.heartbeat;
import static dev.surefoot.testkit.simulation.coordinator.ClassicMessages.join;
import static dev.surefoot.testkit.simulation.coordinator.ClassicMessages.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** What the model does on demand of a simulation, which no broker can be made to do. */
class GroupCoordinatorModelTest {
    private static final String G = "group";
    private static final Node ONE = new Node(1, "one", 9092);
    private static final Node TWO = new Node(2, "two", 9092);

    private final GroupSettings settings = GroupSettings.defaults().withInitialRebalanceDelayMs(0);
    private GroupCoordinatorModel model = model(settings);
    private final List<ApiMessage> answers = new ArrayList<>();
    private long nowMs;

    private static GroupCoordinatorModel model(GroupSettings settings) {
        TopicCatalog topics = new TopicCatalog(new SplittableRandom(1));
        topics.create("a", 4);
        return new GroupCoordinatorModel(settings, topics, ONE, LeaderChoice.FIRST, 1);
    }

    private List<String> send(ApiMessage request, int version) {
        answers.clear();
        model.receive(request, version, "client", nowMs, answers::add);
        model.turn(nowMs);
        return answers.stream()
                .map(answer -> AnswerText.of(answer, UnaryOperator.identity()))
                .toList();
    }

    /** One member in a stable first generation. */
    private String oneStable() {
        send(join(G, "", null, "range"), 3);
        String id = ((JoinGroupResponseData) answers.get(0)).memberId();
        send(sync(G, id, 1, Map.of(id, assignment("a", 0, 1))), 5);
        return id;
    }

    @Test
    void refusesAsOftenAsAskedAndDoesNotCarryOut() {
        String id = oneStable();
        model.faults().refuse(ApiKeys.OFFSET_COMMIT, Errors.NOT_COORDINATOR, 2);
        assertThat(send(commit(G, id, 1, "a", 0, 5), 9)).containsExactly("commit {a-0=NOT_COORDINATOR}");
        assertThat(send(commit(G, id, 1, "a", 0, 6), 9)).containsExactly("commit {a-0=NOT_COORDINATOR}");
        assertThat(model.offsets(G)).isEmpty();
        assertThat(send(commit(G, id, 1, "a", 0, 7), 9)).containsExactly("commit {a-0=NONE}");
    }

    @Test
    void losesAnAnswerAfterCarryingOut() {
        String id = oneStable();
        model.faults().loseAnswers(ApiKeys.OFFSET_COMMIT, 1);
        assertThat(send(commit(G, id, 1, "a", 0, 5), 9)).isEmpty();
        assertThat(model.offsets(G)).hasSize(1);
    }

    @Test
    void delaysAnAnswerAfterCarryingOut() {
        String id = oneStable();
        model.faults().delayAnswers(ApiKeys.HEARTBEAT, 50, 1);
        assertThat(send(heartbeat(G, id, 1), 4)).isEmpty();
        model.turn(49);
        assertThat(answers).isEmpty();
        model.turn(model.nextDeadlineMs());
        assertThat(answers).hasSize(1);
    }

    @Test
    void isNowhereThenLoadsThenServesElsewhere() {
        String id = oneStable();
        model.move(TWO, nowMs, 100, 200);
        assertThat(send(heartbeat(G, id, 1), 4)).containsExactly("heartbeat NOT_COORDINATOR");
        assertThat(coordinator().errorCode()).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
        nowMs = 100;
        assertThat(send(heartbeat(G, id, 1), 4)).containsExactly("heartbeat NONE");
        assertThat(send(sync(G, id, 1), 4))
                .containsExactly("sync COORDINATOR_LOAD_IN_PROGRESS type null protocol null assignment ");
        assertThat(coordinator().nodeId()).isEqualTo(TWO.id());
        nowMs = 300;
        assertThat(send(heartbeat(G, id, 2), 4)).containsExactly("heartbeat ILLEGAL_GENERATION");
        assertThat(send(heartbeat(G, id, 1), 4)).containsExactly("heartbeat NONE");
    }

    private FindCoordinatorResponseData.Coordinator coordinator() {
        List<FindCoordinatorResponseData> found = new ArrayList<>();
        model.receive(
                new FindCoordinatorRequestData().setCoordinatorKeys(List.of(G)),
                4,
                "client",
                nowMs,
                answer -> found.add((FindCoordinatorResponseData) answer));
        return found.get(0).coordinators().get(0);
    }

    @Test
    void aCrashAnswersNothingAndLosesTheNewestWrites() {
        String id = oneStable();
        send(commit(G, id, 1, "a", 0, 5), 9);
        send(commit(G, id, 1, "a", 0, 6), 9);
        send(join(G, "", null, "range"), 3);
        assertThat(answers).isEmpty();
        model.crash(1, TWO, nowMs, 0, 0);
        model.turn(nowMs);
        assertThat(answers).isEmpty();
        assertThat(model.offsets(G).get(new TopicPartition("a", 0)).offset()).isEqualTo(5);
        assertThat(send(heartbeat(G, id, 1), 4)).containsExactly("heartbeat NONE");
    }

    @Test
    void anExpelledMemberIsNotKnownAnyMore() {
        String id = oneStable();
        model.expireMember(G, id, nowMs);
        assertThat(send(heartbeat(G, id, 1), 4)).containsExactly("heartbeat UNKNOWN_MEMBER_ID");
        assertThat(model.ledger().removals())
                .extracting(CoordinatorLedger.Removal::memberId)
                .containsExactly(id);
    }

    @Test
    void theLedgerSaysWhoWasGivenWhatAndWhoCommittedIt() {
        String id = oneStable();
        send(commit(G, id, 1, "a", 1, 5), 9);
        Set<TopicPartition> given = Set.of(new TopicPartition("a", 0), new TopicPartition("a", 1));
        assertThat(model.ledger().grants()).containsExactly(new CoordinatorLedger.Grant(G, id, 1, given, 0));
        assertThat(model.members(G)).containsExactly(new GroupMemberView(id, null, 1, given));
        assertThat(model.ledger().commits()).singleElement().satisfies(commit -> {
            assertThat(commit.memberId()).isEqualTo(id);
            assertThat(commit.generationOrEpoch()).isEqualTo(1);
            assertThat(commit.stored().offset()).isEqualTo(5);
        });
    }

    @Test
    void aBrokerWithoutASyncTimerWaitsForEver() {
        model = model(settings.withBugs(EnumSet.of(BrokerBug.NO_SYNC_TIMER)));
        send(join(G, "", "one", "range").setSessionTimeoutMs(1_800_000), 5);
        nowMs = 120_000;
        model.turn(nowMs);
        assertThat(model.classicGroup(G).state()).isEqualTo(ClassicState.COMPLETING);
    }

    @Test
    void aBrokerWithoutATimerForNewMembersKeepsThem() {
        for (boolean bug : new boolean[] {false, true}) {
            nowMs = 0;
            Set<BrokerBug> bugs = bug ? EnumSet.of(BrokerBug.NO_NEW_MEMBER_TIMER) : EnumSet.noneOf(BrokerBug.class);
            model = model(settings.withBugs(bugs));
            send(join(G, "", "one", "range").setSessionTimeoutMs(1_800_000).setRebalanceTimeoutMs(1_800_000), 5);
            String id = ((JoinGroupResponseData) answers.get(0)).memberId();
            send(sync(G, id, 1, Map.of()).setGroupInstanceId("one"), 5);
            send(join(G, "", null, "range"), 3);
            nowMs = settings.newMemberJoinTimeoutMs();
            model.turn(nowMs);
            assertThat(model.members(G)).hasSize(bug ? 2 : 1);
        }
    }

    @Test
    void theSameSeedGivesTheSameIds() {
        String id = oneStable();
        model = model(settings);
        assertThat(oneStable()).isEqualTo(id).startsWith("client-");
    }

    @Test
    void aDeletedGroupIsForgottenWithItsOffsets() {
        String id = oneStable();
        send(commit(G, id, 1, "a", 1, 5), 9);
        assertThat(model.deleteGroup(G)).isEqualTo(Errors.NON_EMPTY_GROUP);
        model.expireMember(G, id, nowMs);
        assertThat(model.deleteGroup(G)).isEqualTo(Errors.NONE);
        assertThat(model.offsets(G)).isEmpty();
        assertThat(model.deleteGroup(G)).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
    }

    @Test
    void anotherRequestIsNotForACoordinator() {
        assertThatThrownBy(() -> send(new ApiVersionsRequestData(), 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
