package dev.surefoot.net;

import static dev.surefoot.net.TransportRun.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.position.ListOffsetsQuery;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.MetadataResponseData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A request that cannot be written fails by itself. */
@Timeout(120)
class UnwritableRequestTest {
    @Test
    void theOthersOfItsConnectionGoOn() throws IOException {
        try (ScriptedBroker broker =
                        ScriptedBroker.with(asked -> asked.answer(new MetadataResponseData().setClusterId("c")));
                TransportRun run = new TransportRun(broker.node(1))) {
            Map<TopicPartition, ListOffsetsQuery.PartitionTimestamp> partitions =
                    Map.of(new TopicPartition(null, 0), new ListOffsetsQuery.PartitionTimestamp(-1, 0));
            Request<?> nameless =
                    new ListOffsetsRequest(1, new ListOffsetsQuery(false, partitions), TimeUnit.SECONDS.toNanos(30));
            run.sendWhenReady(nameless);
            RequestFailure failure = run.awaitEnd(nameless).failure();
            assertThat(failure.cause()).hasMessageContaining("ListOffsets").hasMessageContaining("broker 1");
            assertThat(failure.kind().isAnswer())
                    .as("a retry fails in the same way")
                    .isTrue();

            Request<?> next = metadata(1, "a");
            run.sendWhenReady(next);
            assertThat(run.awaitEnd(next).failure()).isNull();
            assertThat(run.openConnections()).isEqualTo(1);
        }
    }
}
