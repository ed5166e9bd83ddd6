package dev.surefoot.cli.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionsTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                             | nothing",
                "orders-3                       | orders[3]",
                "orders-2 orders-0 orders-1     | orders[0-2]",
                "orders-0 orders-2 orders-3     | orders[0,2-3]",
                "orders-10 orders-9 orders-2    | orders[2,9-10]",
                "orders-1 bills-0 orders-0      | bills[0], orders[0-1]",
            })
    void runsOfPartitionsAreRanges(String partitions, String text) {
        assertThat(PartitionsText.of(parsed(partitions))).isEqualTo(text);
    }

    private static List<TopicPartition> parsed(String partitions) {
        List<TopicPartition> parsed = new ArrayList<>();
        for (String each : partitions.split(" ")) {
            if (!each.isEmpty()) {
                int dash = each.lastIndexOf('-');
                parsed.add(new TopicPartition(each.substring(0, dash), Integer.parseInt(each.substring(dash + 1))));
            }
        }
        return parsed;
    }
}
