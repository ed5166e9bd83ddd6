package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.EngineEvent;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.progress.Change;
import dev.surefoot.progress.Diagnosis;
import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Marks;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.Stall;
import dev.surefoot.progress.StallCause;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recording of the JVM has of a consumer. */
class RecordedEventsTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 3);
    private static final List<Class<? extends JfrOfConsumer>> EVENTS = List.of(
            JfrStall.class,
            JfrCauseChanged.class,
            JfrPositionMoved.class,
            JfrSessionVerdict.class,
            JfrProcessPaused.class,
            JfrPollGap.class);

    private final RecordedEvents recorded = new RecordedEvents("me");

    @TempDir
    private Path folder;

    private static Diagnosis diagnosis() {
        return new Diagnosis(
                StallCause.THROTTLED,
                Severity.STALLED,
                new Scope.Broker(7),
                Instant.EPOCH,
                new Evidence.Metadata(Marks.UNKNOWN, "because", 5),
                Optional.empty());
    }

    private void happen() {
        Stall stall = new Stall(4, diagnosis(), 12, List.of(PARTITION), 2);
        recorded.stalled(stall);
        recorded.ended(stall, Duration.ofSeconds(9));
        recorded.changed(
                new Change(PARTITION, Optional.of(StallCause.PROGRESSING), Duration.ofMillis(1_500), diagnosis()));
        recorded.positionLost(new EngineEvent.PositionLost(PARTITION, "goes on at 7"));
        recorded.disturbed(new EngineEvent.SessionDisturbed(1, new Verdict.Ignored()));
        recorded.turnLate(TimeUnit.SECONDS.toNanos(8));
        recorded.turnLate(TimeUnit.SECONDS.toNanos(1));
        recorded.pollGap(TimeUnit.SECONDS.toNanos(2));
        recorded.pollGap(TimeUnit.MILLISECONDS.toNanos(2));
    }

    private List<RecordedEvent> record(boolean enabled) throws IOException {
        Path file = folder.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            EVENTS.forEach(event -> {
                if (enabled) {
                    recording.enable(event);
                } else {
                    recording.disable(event);
                }
            });
            recording.start();
            happen();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("dev.surefoot."))
                .toList();
    }

    @Test
    void aRecordingHasEveryEventOnce() throws IOException {
        List<RecordedEvent> events = record(true);

        assertThat(events)
                .extracting(event -> event.getEventType().getName())
                .containsExactlyInAnyOrder(
                        "dev.surefoot.Stall",
                        "dev.surefoot.Stall",
                        "dev.surefoot.CauseChanged",
                        "dev.surefoot.PositionMoved",
                        "dev.surefoot.SessionVerdict",
                        "dev.surefoot.ProcessPaused",
                        "dev.surefoot.PollGap");
        assertThat(events)
                .allSatisfy(event -> assertThat(event.getString("clientId")).isEqualTo("me"));
        RecordedEvent ended = events.stream()
                .filter(event -> event.hasField("what") && "ended".equals(event.getString("what")))
                .findFirst()
                .orElseThrow();
        assertThat(ended.getString("cause")).isEqualTo("THROTTLED");
        assertThat(ended.getDuration("lasted")).isEqualTo(Duration.ofSeconds(9));
        assertThat(ended.getInt("partitions")).isEqualTo(12);
        assertThat(ended.getLong("episode")).isEqualTo(4);
        assertThat(ended.getString("evidence")).contains("because");
    }

    @Test
    void aRecordingWithoutThemHasNone() throws IOException {
        assertThat(record(false)).isEmpty();
    }
}
