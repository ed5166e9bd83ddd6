package dev.surefoot.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * The log of one partition, of which a broker without fetch sessions gives one record at a time. Each value is its
 * offset.
 */
record OnePartition(int records) {
    static final TopicPartition PARTITION = new TopicPartition("t", 0);

    /** The last version without sessions. */
    private static final int FETCH_VERSION = 6;

    static OnePartition of(int records) {
        return new OnePartition(records);
    }

    /** A broker that serves this log, and leads it as node 1. */
    ScriptedBroker served() throws IOException {
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        int port = socket.getLocalPort();
        return ScriptedBroker.on(socket, asked -> {
            switch (asked.api()) {
                case API_VERSIONS -> asked.answer(versions());
                case METADATA -> asked.answer(metadata(port));
                case LIST_OFFSETS -> asked.answer(beginning());
                case FETCH ->
                    asked.answer(fetched(new FetchRequestData(new ByteBufferAccessor(asked.body()), asked.version())));
                default -> throw new IOException("not expected: " + asked.api());
            }
        });
    }

    private static ApiVersionsResponseData versions() {
        ApiVersionsResponseData versions = new ApiVersionsResponseData();
        versions.apiKeys().add(ScriptedBroker.version(ApiKeys.FETCH, 4, FETCH_VERSION));
        for (ApiKeys api : List.of(ApiKeys.API_VERSIONS, ApiKeys.METADATA, ApiKeys.LIST_OFFSETS)) {
            versions.apiKeys().add(ScriptedBroker.version(api, api.oldestVersion(), api.latestVersion(false)));
        }
        return versions;
    }

    private static MetadataResponseData metadata(int port) {
        MetadataResponseData data = new MetadataResponseData().setClusterId("c");
        data.brokers()
                .add(new MetadataResponseBroker()
                        .setNodeId(1)
                        .setHost("127.0.0.1")
                        .setPort(port));
        data.topics()
                .add(new MetadataResponseTopic()
                        .setName(PARTITION.topic())
                        .setTopicId(new Uuid(3, 4))
                        .setPartitions(List.of(new MetadataResponsePartition()
                                .setLeaderId(1)
                                .setReplicaNodes(List.of(1))
                                .setIsrNodes(List.of(1)))));
        return data;
    }

    private static ListOffsetsResponseData beginning() {
        return new ListOffsetsResponseData()
                .setTopics(List.of(new ListOffsetsTopicResponse()
                        .setName(PARTITION.topic())
                        .setPartitions(List.of(new ListOffsetsPartitionResponse().setOffset(0)))));
    }

    private FetchResponseData fetched(FetchRequestData request) {
        FetchResponseData data = new FetchResponseData();
        request.topics()
                .forEach(topic -> topic.partitions().forEach(asked -> {
                    long offset = asked.fetchOffset();
                    MemoryRecords found = offset < records
                            ? MemoryRecords.withRecords(
                                    offset, Compression.NONE, 0, new SimpleRecord(0, null, new byte[] {(byte) offset}))
                            : MemoryRecords.EMPTY;
                    data.responses()
                            .add(new FetchableTopicResponse()
                                    .setTopic(topic.topic())
                                    .setPartitions(List.of(new FetchResponseData.PartitionData()
                                            .setHighWatermark(records)
                                            .setLastStableOffset(records)
                                            .setRecords(found))));
                }));
        return data;
    }
}
