package dev.surefoot.cli.consume;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON object a line for each record.
 *
 * <p>Keys and values are text where they are valid UTF-8; otherwise the field is named {@code keyBase64} or
 * {@code valueBase64} and contains the bytes in Base64. A {@code null} stays {@code null}.
 */
final class JsonFormat implements RecordFormat {

    // All records share the output; its owner flushes it.
    private final JsonFactory factory = JsonFactory.builder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    @Override
    public void write(ConsumerRecord<byte[], byte[]> entry, OutputStream out) throws IOException {
        try (JsonGenerator json = factory.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("topic", entry.topic());
            json.writeNumberField("partition", entry.partition());
            json.writeNumberField("offset", entry.offset());
            json.writeNumberField("timestamp", entry.timestamp());
            json.writeStringField("timestampType", entry.timestampType().toString());
            if (entry.leaderEpoch().isPresent()) {
                json.writeNumberField("leaderEpoch", entry.leaderEpoch().get());
            }
            writeBytes(json, "key", entry.key());
            writeBytes(json, "value", entry.value());
            json.writeArrayFieldStart("headers");
            for (Header header : entry.headers()) {
                json.writeStartObject();
                json.writeStringField("key", header.key());
                writeBytes(json, "value", header.value());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        out.write('\n');
    }

    private static void writeBytes(JsonGenerator json, String name, byte @Nullable [] bytes) throws IOException {
        if (bytes == null) {
            json.writeNullField(name);
            return;
        }
        String text = textOf(bytes);
        if (text == null) {
            json.writeBinaryField(name + "Base64", bytes);
        } else {
            json.writeStringField(name, text);
        }
    }

    private static @Nullable String textOf(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
