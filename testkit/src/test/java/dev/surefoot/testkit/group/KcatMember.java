package dev.surefoot.testkit.group;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;

/**
 * A member of a group that is librdkafka, by the program {@code kcat}. Of each record it prints partition and offset,
 * which is the record's sequence, and commits later.
 */
final class KcatMember {
    private static final long PATIENCE_SECONDS = 60;

    private final String topic;
    private final GroupLedger ledger;
    private final Path output;
    private final Process process;
    private long heardBytes;

    KcatMember(String servers, String groupAndTopic, String assignor, GroupLedger ledger) throws IOException {
        this.topic = groupAndTopic;
        this.ledger = ledger;
        this.output = Files.createTempFile("surefoot-kcat", ".txt");
        this.process = new ProcessBuilder(List.of(
                        "kcat",
                        "-b",
                        servers,
                        "-G",
                        groupAndTopic,
                        "-X",
                        "partition.assignment.strategy=" + assignor,
                        "-X",
                        "auto.offset.reset=earliest",
                        "-X",
                        "session.timeout.ms=10000",
                        "-X",
                        "heartbeat.interval.ms=" + Rules.HEARTBEAT_MS,
                        "-q",
                        "-u",
                        "-f",
                        "%p %o\n",
                        groupAndTopic))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(output.toFile())
                .start();
    }

    /** Whether this machine has the program. */
    static boolean isInstalled() {
        try {
            Process version = new ProcessBuilder("kcat", "-V")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return version.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Tells the ledger what was printed since the last time. */
    void hear() {
        try (RandomAccessFile file = new RandomAccessFile(output.toFile(), "r")) {
            byte[] more = new byte[Math.toIntExact(file.length() - heardBytes)];
            file.seek(heardBytes);
            file.readFully(more);
            String text = new String(more, US_ASCII);
            int whole = text.lastIndexOf('\n') + 1;
            heardBytes += whole;
            text.substring(0, whole).lines().forEach(this::hear);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void hear(String line) {
        String[] words = line.split(" ");
        ledger.processedElsewhere(new TopicPartition(topic, Integer.parseInt(words[0])), Integer.parseInt(words[1]));
    }

    /** Ends the process as a user would, who interrupts it, and takes what it has printed. */
    void close() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            kill();
            throw new IllegalStateException("kcat does not end");
        }
        hear();
        Files.delete(output);
    }

    void kill() {
        process.destroyForcibly();
    }
}
