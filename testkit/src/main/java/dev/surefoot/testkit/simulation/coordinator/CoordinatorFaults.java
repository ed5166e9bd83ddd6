package dev.surefoot.testkit.simulation.coordinator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What is to go wrong with the next requests of an API. Faults of one API strike in the order they were given. */
public final class CoordinatorFaults {
    /** What happens to an answer whose request was carried out. */
    record AnswerFault(boolean lost, long delayMs) {
        static final AnswerFault NONE = new AnswerFault(false, 0);
    }

    private final Map<ApiKeys, Deque<Errors>> refusals = new EnumMap<>(ApiKeys.class);
    private final Map<ApiKeys, Deque<AnswerFault>> answers = new EnumMap<>(ApiKeys.class);

    CoordinatorFaults() {}

    /** Answers the next requests with an error, and does not carry them out. */
    public void refuse(ApiKeys api, Errors error, int times) {
        for (int i = 0; i < times; i++) {
            refusals.computeIfAbsent(api, key -> new ArrayDeque<>()).addLast(error);
        }
    }

    /** Carries the next requests out, and loses their answers. */
    public void loseAnswers(ApiKeys api, int times) {
        add(api, new AnswerFault(true, 0), times);
    }

    /** Carries the next requests out, and holds their answers back for a time. */
    public void delayAnswers(ApiKeys api, long delayMs, int times) {
        add(api, new AnswerFault(false, delayMs), times);
    }

    private void add(ApiKeys api, AnswerFault fault, int times) {
        for (int i = 0; i < times; i++) {
            answers.computeIfAbsent(api, key -> new ArrayDeque<>()).addLast(fault);
        }
    }

    /** Ends all faults that have not struck yet. */
    public void heal() {
        refusals.clear();
        answers.clear();
    }

    /** Takes the error for the next request of this API, or null. */
    @Nullable Errors takeRefusal(ApiKeys api) {
        Deque<Errors> waiting = refusals.get(api);
        return waiting == null ? null : waiting.pollFirst();
    }

    /** Takes what happens to the next answer of this API. */
    AnswerFault takeAnswerFault(ApiKeys api) {
        Deque<AnswerFault> waiting = answers.get(api);
        AnswerFault fault = waiting == null ? null : waiting.pollFirst();
        return fault == null ? AnswerFault.NONE : fault;
    }
}
