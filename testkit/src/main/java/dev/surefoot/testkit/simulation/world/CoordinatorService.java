package dev.surefoot.testkit.simulation.world;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.DescribeGroup.DescribeGroupRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.testkit.simulation.coordinator.GroupAnswerMessages;
import dev.surefoot.testkit.simulation.coordinator.GroupAnswers;
import dev.surefoot.testkit.simulation.coordinator.GroupCoordinatorModel;
import dev.surefoot.testkit.simulation.coordinator.GroupRequestMessages;
import java.util.List;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * The group coordinator at the model brokers: requests of clients reach it where it is, in Kafka's own messages, and
 * its timers run in the world's time.
 */
final class CoordinatorService {
    private static final String CLIENT = "member";
    /** The time until offsets are written, after which a commit is answered. */
    private static final long COMMIT_NANOS = 10 * Wire.MILLI;

    private final VirtualTime time;
    private final GroupCoordinatorModel model;
    private final Runnable changed;
    private long turnAtMs = Long.MAX_VALUE;

    /** @param changed runs when the coordinator may have done something */
    CoordinatorService(VirtualTime time, BrokerSide brokers, GroupCoordinatorModel model, Runnable changed) {
        this.time = time;
        this.model = model;
        this.changed = changed;
        for (Class<? extends Request<?>> api : List.<Class<? extends Request<?>>>of(
                FindCoordinatorRequest.class,
                JoinGroupRequest.class,
                SyncGroupRequest.class,
                HeartbeatRequest.class,
                LeaveGroupRequest.class,
                DescribeGroupRequest.class,
                ConsumerGroupHeartbeatRequest.class,
                OffsetCommitRequest.class,
                OffsetFetchRequest.class)) {
            brokers.serve(api, this::receive);
        }
    }

    long nowMs() {
        return time.nanos() / Wire.MILLI;
    }

    private void receive(int broker, Request<?> request, BrokerSide.Receipt receipt) {
        ApiMessage message = GroupRequestMessages.message(request);
        int version = GroupRequestMessages.version(request);
        Node host = model.host();
        if (request instanceof FindCoordinatorRequest || (host != null && host.id() == broker)) {
            model.receive(
                    message,
                    version,
                    CLIENT,
                    nowMs(),
                    answer -> answered(request, GroupAnswerMessages.answer(request, answer), receipt));
            done();
        } else {
            ApiMessage refusal = GroupAnswers.refusal(message, version, Errors.NOT_COORDINATOR);
            receipt.answered(GroupAnswerMessages.answer(request, refusal));
        }
    }

    private void answered(Request<?> request, Answer answer, BrokerSide.Receipt receipt) {
        if (request instanceof OffsetCommitRequest) {
            time.at(time.nanos() + COMMIT_NANOS, () -> receipt.answered(answer));
        } else {
            receipt.answered(answer);
        }
    }

    /** Lets the coordinator's timers run on, and what it has done be seen. Called after each call of the model. */
    void done() {
        changed.run();
        long dueMs = model.nextDeadlineMs();
        if (dueMs < turnAtMs) {
            turnAtMs = dueMs;
            time.at(dueMs * Wire.MILLI, () -> {
                if (turnAtMs == dueMs) {
                    turnAtMs = Long.MAX_VALUE;
                    model.turn(nowMs());
                    done();
                }
            });
        }
    }

    /** Has this done {@code nanos} from now. */
    void later(long nanos, Runnable what) {
        time.at(time.nanos() + nanos, () -> {
            what.run();
            done();
        });
    }
}
