package dev.surefoot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Whoever calls code of the application catches {@code Exception} or {@code Throwable}: that code may throw checked
 * exceptions which its signature does not have, as it may be written in Kotlin, Scala or Groovy. A handler for {@code
 * RuntimeException} stands only where no such code is called.
 */
class PlugInsThrowAnythingTest {
    private static final String HANDLER = "catch (RuntimeException";

    /** The files that have such a handler, around code of this project, of Kafka or of Java. */
    private static final Set<String> AROUND_OTHER_CODE = Set.of(
            "RecordCursor.java", // the decoder
            "AheadDecompression.java", // the decompressor
            "LoopThread.java", // the end of the loop
            "KafkaTransport.java", // opens a selector
            "KafkaVersion.java", // Kafka's methods by reflection
            "BrokerConnection.java", // writes requests and hands them to the selector
            "ConsumerProtocolCodec.java", // decodes what other members say
            "TopicIdField.java", // Kafka's methods by reflection
            "ResponseDecoder.java"); // decodes answers

    @Test
    void onlyTheseHandlersExpectUncheckedExceptions() throws IOException {
        Set<String> files = new TreeSet<>();
        for (Path source : main()) {
            if (Files.readString(source).contains(HANDLER)) {
                files.add(source.getFileName().toString());
            }
        }
        assertThat(AROUND_OTHER_CODE)
                .as("the files that handle RuntimeException; code of the application needs Exception or Throwable")
                .containsAll(files);
        assertThat(files).as("the files that are read").contains("RecordCursor.java", "BrokerConnection.java");
    }

    private static List<Path> main() throws IOException {
        return SourceFiles.all().stream()
                .filter(path -> List.of("/core/src/main/", "/consumer/src/main/").stream()
                        .anyMatch(path.toString()::contains))
                .toList();
    }
}
