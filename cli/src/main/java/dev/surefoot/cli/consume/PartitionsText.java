package dev.surefoot.cli.consume;

import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** Names many partitions in few words: {@code orders[0-5,8], bills[0]}. */
final class PartitionsText {

    private PartitionsText() {}

    /** Returns the partitions by topic, in order, with runs of them as ranges; {@code nothing} if there are none. */
    static String of(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return "nothing";
        }
        Map<String, TreeSet<Integer>> byTopic = new TreeMap<>();
        for (TopicPartition each : partitions) {
            byTopic.computeIfAbsent(each.topic(), topic -> new TreeSet<>()).add(each.partition());
        }
        return byTopic.entrySet().stream()
                .map(each -> each.getKey() + "[" + ranges(each.getValue()) + "]")
                .collect(Collectors.joining(", "));
    }

    private static String ranges(SortedSet<Integer> numbers) {
        StringBuilder text = new StringBuilder();
        Iterator<Integer> rest = numbers.iterator();
        int first = rest.next();
        int last = first;
        while (rest.hasNext()) {
            int next = rest.next();
            if (next > last + 1) {
                text.append(range(first, last)).append(',');
                first = next;
            }
            last = next;
        }
        return text.append(range(first, last)).toString();
    }

    private static String range(int first, int last) {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
