package dev.surefoot.wire;

import dev.surefoot.core.engine.Answer;
import dev.surefoot.core.engine.Request;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.position.ListOffsetsAnswer;
import dev.surefoot.core.position.OffsetForLeaderEpochAnswer;
import dev.surefoot.core.records.Lease;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/**
 * Reads responses. What it cannot read it refuses with a {@link KafkaException} that names the request and the broker; no
 * other exception leaves it, whatever the bytes are.
 */
public final class ResponseDecoder {
    private ResponseDecoder() {}

    /** What a broker says to the question that opens a connection. */
    public sealed interface Negotiation {
        /** The connection can be used with these versions. */
        record Agreed(NegotiatedVersions versions, int throttleTimeMs) implements Negotiation {}

        /** The broker is older than the question; it is to be asked again in this version. */
        record AskAgain(short version) implements Negotiation {}
    }

    /**
     * Reads the answer to a request.
     *
     * @param frame the response behind its length prefix; position to limit
     * @param lease the hold on the frame's memory. The answer to a fetch takes it over; in all other cases, an exception
     *     included, it stays the caller's
     * @param broker names the broker in messages
     * @throws KafkaException if the bytes are no answer to this request
     */
    public static Answer decode(Request request, EncodedRequest encoded, ByteBuffer frame, Lease lease, String broker) {
        int responseBytes = Integer.BYTES + frame.remaining();
        try {
            header(encoded, frame);
            if (request instanceof Request.Fetch) {
                return new Answer.Fetch(
                        FetchResponseCodec.read(frame, encoded.version(), lease), encoded.bytes(), responseBytes);
            }
            return body(request, new ByteBufferAccessor(frame), encoded.version());
        } catch (RuntimeException e) {
            throw unusable(encoded, broker, e);
        }
    }

    private static Answer body(Request request, ByteBufferAccessor body, short version) {
        if (request instanceof Request.Metadata) {
            return new Answer.Metadata(MetadataResponses.answer(new MetadataResponseData(body, version)));
        }
        if (request instanceof Request.ListOffsets) {
            return new Answer.ListOffsets(offsets(new ListOffsetsResponseData(body, version)));
        }
        if (request instanceof Request.OffsetForLeaderEpoch) {
            return new Answer.OffsetForLeaderEpoch(epochs(new OffsetForLeaderEpochResponseData(body, version)));
        }
        throw new IllegalArgumentException("No way is known to read an answer to " + request);
    }

    /**
     * Reads the answer to the question that opens a connection.
     *
     * @throws KafkaException if the bytes are no such answer, or the broker refuses to say
     */
    public static Negotiation decodeApiVersions(EncodedRequest encoded, ByteBuffer frame, String broker) {
        try {
            header(encoded, frame);
            return negotiation(encoded, frame, broker);
        } catch (RuntimeException e) {
            throw unusable(encoded, broker, e);
        }
    }

    private static Negotiation negotiation(EncodedRequest encoded, ByteBuffer frame, String broker) {
        // A broker that does not know the version asked in answers in v0, whose error code comes first as in any other.
        boolean unknownVersion = frame.getShort(frame.position()) == BrokerError.UNSUPPORTED_VERSION.code();
        ApiVersionsResponseData data = new ApiVersionsResponseData(
                new ByteBufferAccessor(frame), unknownVersion ? (short) 0 : encoded.version());
        if (unknownVersion && encoded.version() > 0) {
            return new Negotiation.AskAgain(lowerVersion(data, encoded.version()));
        }
        if (data.errorCode() != BrokerError.NONE.code()) {
            throw new KafkaException("error code " + data.errorCode());
        }
        return new Negotiation.Agreed(NegotiatedVersions.from(data, broker), data.throttleTimeMs());
    }

    /** The highest version the broker names that is below the one it refused, or 0. */
    private static short lowerVersion(ApiVersionsResponseData data, short refused) {
        ApiVersionsResponseData.ApiVersion theirs = data.apiKeys().find(ApiKeys.API_VERSIONS.id);
        return theirs == null ? 0 : (short) Math.max(0, Math.min(theirs.maxVersion(), refused - 1));
    }

    private static void header(EncodedRequest encoded, ByteBuffer frame) {
        short version = encoded.api().responseHeaderVersion(encoded.version());
        int correlationId = new ResponseHeaderData(new ByteBufferAccessor(frame), version).correlationId();
        if (correlationId != encoded.correlationId()) {
            throw new KafkaException(
                    "correlation id " + correlationId + " where " + encoded.correlationId() + " was expected");
        }
    }

    private static ListOffsetsAnswer offsets(ListOffsetsResponseData data) {
        Map<TopicPartition, ListOffsetsAnswer.PartitionOffset> found = new LinkedHashMap<>();
        for (var topic : data.topics()) {
            for (var partition : topic.partitions()) {
                found.put(
                        new TopicPartition(topic.name(), partition.partitionIndex()),
                        new ListOffsetsAnswer.PartitionOffset(
                                BrokerError.forCode(partition.errorCode()),
                                partition.offset(),
                                partition.timestamp(),
                                partition.leaderEpoch(),
                                partition.errorCode()));
            }
        }
        return new ListOffsetsAnswer(data.throttleTimeMs(), found);
    }

    private static OffsetForLeaderEpochAnswer epochs(OffsetForLeaderEpochResponseData data) {
        Map<TopicPartition, OffsetForLeaderEpochAnswer.EpochEndOffset> ends = new LinkedHashMap<>();
        for (var topic : data.topics()) {
            for (var partition : topic.partitions()) {
                ends.put(
                        new TopicPartition(topic.topic(), partition.partition()),
                        new OffsetForLeaderEpochAnswer.EpochEndOffset(
                                BrokerError.forCode(partition.errorCode()),
                                partition.leaderEpoch(),
                                partition.endOffset(),
                                partition.errorCode()));
            }
        }
        return new OffsetForLeaderEpochAnswer(data.throttleTimeMs(), ends);
    }

    /** Generated messages refuse bad bytes with any RuntimeException; all of them become one kind that says where. */
    private static KafkaException unusable(EncodedRequest encoded, String broker, RuntimeException cause) {
        return new KafkaException(
                "Cannot use the answer of " + broker + " to " + encoded.describe() + ": " + cause.getMessage(), cause);
    }
}
