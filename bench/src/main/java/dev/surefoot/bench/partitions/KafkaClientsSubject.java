package dev.surefoot.bench.partitions;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.FetchSessionHandler;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.ResponseHeader;
import org.apache.kafka.common.utils.LogContext;

/**
 * The fetch session handler of kafka-clients, used as {@code KafkaConsumer} uses it: every partition is added to the
 * builder before each fetch. Other work of that consumer is omitted in its favour, such as finding the partitions that
 * can be fetched.
 */
final class KafkaClientsSubject implements Subject {
    static final String NAME = "kafka-clients";

    private static final short VERSION = ApiKeys.FETCH.latestVersion(false);
    private static final int MIB = 1024 * 1024;
    private static final Optional<Integer> EPOCH = Optional.of(ScriptedBroker.LEADER_EPOCH);

    private final Meter planning = new Meter();
    private final Meter handling = new Meter();
    private final Layout layout;
    private final ScriptedBroker broker;
    private final FetchSessionHandler sessions = new FetchSessionHandler(new LogContext(), ScriptedBroker.NODE_ID);

    private final List<TopicPartition> partitions;
    private final Uuid[] topicIds;
    private final Map<TopicPartition, Long> positions = new LinkedHashMap<>();
    private int correlationId;

    /** Opens the session with a full fetch. */
    KafkaClientsSubject(Layout layout) {
        this.layout = layout;
        this.broker = new ScriptedBroker(layout);
        this.partitions = layout.all();
        this.topicIds = new Uuid[layout.topics()];
        for (int topic = 0; topic < topicIds.length; topic++) {
            topicIds[topic] = layout.topicId(topic);
        }
        partitions.forEach(partition -> positions.put(partition, 0L));
        fetch();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Exchange exchange() {
        return fetch();
    }

    private Exchange fetch() {
        planning.start();
        FetchSessionHandler.FetchRequestData planned = plan();
        RequestHeader header = new RequestHeader(ApiKeys.FETCH, VERSION, "bench", ++correlationId);
        ByteBuffer request = encode(planned, header);
        planning.stop();
        int requestBytes = Integer.BYTES + request.remaining();
        ByteBuffer response = broker.answer(request);
        int responseBytes = Integer.BYTES + response.remaining();
        handling.start();
        handle(planned, response);
        handling.stop();
        return new Exchange(
                planning.takeNanos(),
                handling.takeNanos(),
                0,
                requestBytes,
                responseBytes,
                planning.takeBytes() + handling.takeBytes());
    }

    private FetchSessionHandler.FetchRequestData plan() {
        FetchSessionHandler.Builder builder = sessions.newBuilder();
        int number = 0;
        for (Map.Entry<TopicPartition, Long> position : positions.entrySet()) {
            builder.add(
                    position.getKey(),
                    new FetchRequest.PartitionData(
                            topicIds[number++ / Layout.PARTITIONS_OF_A_TOPIC],
                            position.getValue(),
                            FetchRequest.INVALID_LOG_START_OFFSET,
                            MIB,
                            EPOCH,
                            Optional.empty()));
        }
        return builder.build();
    }

    private static ByteBuffer encode(FetchSessionHandler.FetchRequestData planned, RequestHeader header) {
        return FetchRequest.Builder.forConsumer(VERSION, 500, 1, planned.toSend())
                .isolationLevel(IsolationLevel.READ_UNCOMMITTED)
                .setMaxBytes(50 * MIB)
                .metadata(planned.metadata())
                .removed(planned.toForget())
                .replaced(planned.toReplace())
                .rackId("")
                .build(VERSION)
                .serializeWithHeader(header);
    }

    private void handle(FetchSessionHandler.FetchRequestData planned, ByteBuffer frame) {
        ResponseHeader.parse(frame, ApiKeys.FETCH.responseHeaderVersion(VERSION));
        FetchResponse response = FetchResponse.parse(new ByteBufferAccessor(frame), VERSION);
        if (!sessions.handleResponse(response, VERSION)) {
            throw new IllegalStateException("kafka-clients refuses the script's answer: " + response.error());
        }
        Map<TopicPartition, FetchResponseData.PartitionData> answered =
                response.responseData(sessions.sessionTopicNames(), VERSION);
        answered.forEach((partition, data) -> {
            FetchRequest.PartitionData asked = planned.sessionPartitions().get(partition);
            Objects.requireNonNull(asked, "an answer about a partition that was not asked for");
            // The next offset comes from the last batch's header, as when the consumer has read the records.
            FetchResponse.recordsOrFail(data).batches().forEach(batch -> positions.put(partition, batch.nextOffset()));
        });
        if (answered.size() < layout.changed()) {
            throw new IllegalStateException("only " + answered.size() + " partitions were answered");
        }
    }
}
