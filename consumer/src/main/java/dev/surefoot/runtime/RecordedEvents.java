package dev.surefoot.runtime;

import dev.surefoot.core.engine.EngineEvent;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.progress.Change;
import dev.surefoot.progress.Stall;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes what happens to a consumer into the recordings of the JVM (JFR), as events named {@code dev.surefoot.*}.
 * Without a recording that has the event nothing is made. Safe from any thread.
 */
final class RecordedEvents {
    /** What a recording is told of turns that are late, and of pauses between polls. */
    private static final long PROCESS_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long POLL_GAP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String clientId;

    RecordedEvents(String clientId) {
        this.clientId = clientId;
    }

    void stalled(Stall stall) {
        stall("began", stall, Duration.ZERO);
    }

    void ended(Stall stall, Duration lasted) {
        stall("ended", stall, lasted);
    }

    private void stall(String what, Stall stall, Duration lasted) {
        JfrStall event = new JfrStall();
        if (!event.isEnabled()) {
            return;
        }
        event.clientId = clientId;
        event.what = what;
        event.cause = stall.why().cause().name();
        event.severity = stall.why().severity().name();
        event.scope = stall.why().scope().toString();
        event.partitions = stall.partitions();
        event.examples = stall.examples().toString();
        event.position = stall.why().evidence().marks().position();
        event.evidence = stall.why().evidence().fields().toString();
        event.episode = stall.episode();
        event.flaps = stall.flaps();
        event.lasted = lasted.toMillis();
        event.commit();
    }

    void changed(Change change) {
        JfrCauseChanged event = new JfrCauseChanged();
        if (!event.isEnabled()) {
            return;
        }
        event.clientId = clientId;
        setPartition(event, change.partition());
        event.from = change.from().map(Enum::name).orElse("");
        event.to = change.to().cause().name();
        event.lasted = change.lasted().toMillis();
        event.commit();
    }

    private static void setPartition(JfrOfPartition event, TopicPartition partition) {
        event.topic = partition.topic();
        event.partition = partition.partition();
    }

    void positionLost(EngineEvent.PositionLost lost) {
        JfrPositionMoved event = new JfrPositionMoved();
        if (!event.isEnabled()) {
            return;
        }
        event.clientId = clientId;
        setPartition(event, lost.partition());
        event.why = lost.what();
        event.commit();
    }

    void disturbed(EngineEvent.SessionDisturbed disturbed) {
        JfrSessionVerdict event = new JfrSessionVerdict();
        if (!event.isEnabled()) {
            return;
        }
        event.clientId = clientId;
        event.nodeId = disturbed.nodeId();
        event.verdict = disturbed.verdict().kind().name();
        event.detail = disturbed.verdict().toString();
        event.commit();
    }

    void failed(Request<?> request, RequestFailure failure) {
        JfrLink event = new JfrLink();
        if (!event.isEnabled()) {
            return;
        }
        event.clientId = clientId;
        event.nodeId = request.nodeId();
        event.request = request.getClass().getSimpleName();
        event.reason = failure.reason().name();
        event.text = String.valueOf(failure.cause().getMessage());
        event.commit();
    }

    /** A turn of the loop began so much later than planned. */
    void turnLate(long lateNanos) {
        if (lateNanos < PROCESS_PAUSE_NANOS) {
            return;
        }
        JfrProcessPaused event = new JfrProcessPaused();
        if (event.isEnabled()) {
            event.clientId = clientId;
            event.late = TimeUnit.NANOSECONDS.toMillis(lateNanos);
            event.commit();
        }
    }

    /** The application has been out of poll for so long. */
    void pollGap(long gapNanos) {
        if (gapNanos < POLL_GAP_NANOS) {
            return;
        }
        JfrPollGap event = new JfrPollGap();
        if (event.isEnabled()) {
            event.clientId = clientId;
            event.gap = TimeUnit.NANOSECONDS.toMillis(gapNanos);
            event.commit();
        }
    }
}
