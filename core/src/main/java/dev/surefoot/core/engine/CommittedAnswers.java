package dev.surefoot.core.engine;

import dev.surefoot.core.group.CommittedOffsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Tells the application the committed offsets that it has asked for. Owned by the loop's thread. */
final class CommittedAnswers implements CommittedOffsets.Answers {
    private final Consumer<EngineEvent> events;

    CommittedAnswers(Consumer<EngineEvent> events) {
        this.events = events;
    }

    @Override
    public void found(long questionId, Map<TopicPartition, OffsetAndMetadata> offsets) {
        events.accept(new EngineEvent.CommittedFound(questionId, offsets));
    }

    @Override
    public void failed(long questionId, KafkaException cause) {
        events.accept(new EngineEvent.QuestionFailed(questionId, cause));
    }

    @Override
    public void delayed(long questionId, KafkaException cause) {
        String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        events.accept(new EngineEvent.QuestionDelayed(questionId, List.of(new Unanswered(List.of(), why, cause))));
    }
}
