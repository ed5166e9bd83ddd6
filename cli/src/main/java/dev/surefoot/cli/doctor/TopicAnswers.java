package dev.surefoot.cli.doctor;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The descriptions of topics, or why there is none. */
record TopicAnswers(Map<String, Answer<TopicDescription>> byName) {

    /** No topic was asked about. */
    static final TopicAnswers NONE = new TopicAnswers(Map.of());

    TopicAnswers {
        byName = Map.copyOf(byName);
    }

    /** Returns the answer about a topic; one that was not asked about counts as unknown. */
    Answer<TopicDescription> of(String topic) {
        Answer<TopicDescription> answer = byName.get(topic);
        return answer == null ? Answer.failed(new UnknownTopicOrPartitionException()) : answer;
    }

    /** Returns these and others. */
    TopicAnswers and(TopicAnswers others) {
        Map<String, Answer<TopicDescription>> all = new HashMap<>(byName);
        all.putAll(others.byName);
        return new TopicAnswers(all);
    }
}
