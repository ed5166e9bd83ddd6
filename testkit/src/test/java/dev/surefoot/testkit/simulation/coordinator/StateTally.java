package dev.surefoot.testkit.simulation.coordinator;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/** How often which request met a group in which state, and what came of it: to see that schedules reach it all. */
final class StateTally {
    private final Map<String, Integer> counts = new TreeMap<>();

    /**
     * @param before the group before the request, or null if there was none
     * @param outcome the first words of the answer, or null if the request was parked
     */
    void count(@Nullable ClassicGroupView before, ApiMessage request, @Nullable String outcome) {
        String state = before == null ? "NONE" : before.state().name();
        String came = outcome == null ? "parked" : outcome;
        counts.merge(state + " " + ApiKeys.forId(request.apiKey()) + " " + came, 1, Integer::sum);
    }

    int of(String cell) {
        return counts.getOrDefault(cell, 0);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        counts.forEach(
                (cell, count) -> text.append(count).append(' ').append(cell).append('\n'));
        return text.toString();
    }
}
