package dev.surefoot.testkit.simulation.coordinator;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.protocol.ApiMessage;

/** The model, asked as a broker is asked whose coordinator answers at once. */
final class ModelSide {
    private static final Node HOST = new Node(0, "localhost", 9092);

    private final GroupCoordinatorModel model;

    ModelSide(ConsumerGroupSettings settings, TopicCatalog topics) {
        this.model = new GroupCoordinatorModel(GroupSettings.defaults(), settings, topics, HOST, LeaderChoice.FIRST, 1);
    }

    <T extends ApiMessage> T ask(ApiMessage request, int version, long nowMs, Class<T> type) {
        List<ApiMessage> answers = new ArrayList<>();
        model.receive((ApiMessage) request.duplicate(), version, "twin", nowMs, answers::add);
        return type.cast(answers.get(0));
    }

    GroupCoordinatorModel model() {
        return model;
    }

    /** Moves the coordinator and loads it at once. */
    void reload(long nowMs) {
        model.move(HOST, nowMs, 0, 0);
        model.turn(nowMs);
    }
}
