package dev.surefoot.runtime;

import dev.surefoot.core.cluster.TopicAbsence;
import dev.surefoot.core.engine.EngineEvent;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.GroupEvent;
import dev.surefoot.core.position.PartitionFault;
import dev.surefoot.core.session.Verdict;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;

/** Writes the log lines for the people who operate the application. In steady state it writes nothing. */
public final class EventLog {
    /** Two answers in a row may be too large until what is asked for fits the link; a third is a single batch. */
    private static final int ALARMING_TIMEOUTS = 3;

    private final Logger log;
    private final String clientId;
    private final StallLog stalls;
    private final RecordedEvents recorded;
    private final GroupLines groupLines = new GroupLines();

    /** @param clientId the {@code client.id} that every line names */
    public EventLog(Logger log, String clientId) {
        this(log, log, clientId);
    }

    /**
     * @param stallLog the logger of stalls
     * @param clientId the {@code client.id} that every line names
     */
    public EventLog(Logger log, Logger stallLog, String clientId) {
        this.log = log;
        this.clientId = clientId;
        this.stalls = new StallLog(stallLog, clientId);
        this.recorded = new RecordedEvents(clientId);
    }

    /** What recordings of the JVM are told. */
    RecordedEvents recorded() {
        return recorded;
    }

    /** The lines of stalls. */
    StallLog stalls() {
        return stalls;
    }

    void disturbed(EngineEvent.SessionDisturbed event) {
        recorded.disturbed(event);
        event.verdict().accept(new VerdictLines(event.nodeId()));
    }

    /** Writes a line for each verdict that is not in order. */
    private final class VerdictLines implements Verdict.Visitor {
        private final int nodeId;

        VerdictLines(int nodeId) {
            this.nodeId = nodeId;
        }

        @Override
        public void accepted(Verdict.Accepted accepted) {
            accepted.doubts().forEach(doubt -> doubted(nodeId, doubt));
        }

        @Override
        public void refused(Verdict.Refused refused) {
            log.debug(
                    "[{}] Broker {} refused the fetch session ({}); fetching in full",
                    clientId,
                    nodeId,
                    refused.error().describe(refused.errorCode()));
        }

        @Override
        public void mismatched(Verdict.SessionMismatch mismatched) {
            log.info(
                    "[{}] The answer of broker {} does not match its fetch session ({}: {}); fetching in full",
                    clientId,
                    nodeId,
                    words(mismatched.mismatch()),
                    mismatched.detail());
        }

        @Override
        public void ignored(Verdict.Ignored ignored) {
            // A session that was closed needs no answer.
        }
    }

    /** The line that warns of one that lasts is that of the stall. */
    private void doubted(int nodeId, Verdict.Doubt doubt) {
        if (doubt.repeats() == 1) {
            log.info(
                    "[{}] Broker {} answered the fetch of {} from offset {} with unusable data ({}); fetching in full",
                    clientId,
                    nodeId,
                    doubt.partition(),
                    doubt.target().fetchOffset(),
                    words(doubt.reason()));
        }
    }

    void fetchFailed(EngineEvent.FetchFailed event) {
        log.debug("[{}] {}; it is fetched again", clientId, event.cause().getMessage());
    }

    /** The line that warns of it is that of the stall. */
    void faultLasts(EngineEvent.FaultLasts event) {
        PartitionFault fault = event.fault();
        log.debug(
                "[{}] {} (code {}), as broker {} has answered {} times in a row over {} s; it is asked again",
                clientId,
                event.cause().getMessage(),
                fault.errorCode(),
                fault.nodeId(),
                fault.inARow(),
                TimeUnit.NANOSECONDS.toSeconds(fault.lastNanos() - fault.firstNanos()));
    }

    void lost(EngineEvent.PositionLost event) {
        recorded.positionLost(event);
        log.warn("[{}] Position of {} lost: {}", clientId, event.partition(), event.what());
    }

    void absent(EngineEvent.TopicAbsent event) {
        TopicAbsence absence = event.absence();
        long seconds = TimeUnit.NANOSECONDS.toSeconds(absence.lastedNanos());
        if (!absence.isMissing()) {
            log.warn(
                    "[{}] Brokers cannot describe topic {}: {}, in {} answers over {} s; check their logs. The client"
                            + " keeps asking",
                    clientId,
                    event.topic(),
                    absence.error().describe(absence.errorCode()),
                    absence.answers(),
                    seconds);
        } else if (absence.describedBefore()) {
            log.warn(
                    "[{}] Topic {} (id {}) was deleted, as brokers of cluster {} have said {} times over {} s; if that"
                            + " was intended, remove it from the subscription or assignment. The client keeps asking",
                    clientId,
                    event.topic(),
                    absence.idBefore(),
                    event.clusterId(),
                    absence.answers(),
                    seconds);
        } else {
            log.warn(
                    "[{}] Topic {} does not exist, as brokers of cluster {} have said {} times over {} s; check its"
                            + " name and bootstrap.servers, or create it. The client keeps asking",
                    clientId,
                    event.topic(),
                    event.clusterId(),
                    absence.answers(),
                    seconds);
        }
    }

    /** Only assigned partitions are reported; the line that warns of them is that of the stall. */
    void absent(EngineEvent.PartitionAbsent event) {
        log.debug(
                "[{}] Partition {} does not exist: the topic has {}, as brokers have said {} times over {} s",
                clientId,
                event.partition(),
                event.partitions() == 1 ? "1 partition" : event.partitions() + " partitions",
                event.answers(),
                TimeUnit.NANOSECONDS.toSeconds(event.lastedNanos()));
    }

    void absenceEnded(EngineEvent.AbsenceEnded event) {
        log.info(
                "[{}] {} exists now, after {} s",
                clientId,
                event.name(),
                TimeUnit.NANOSECONDS.toSeconds(event.lastedNanos()));
    }

    void tooSlow(EngineEvent.LinkTooSlow event) {
        if (event.inARow() == 1) {
            log.info(
                    "[{}] Only {} bytes of an answer of broker {} arrived within {} ms, of {} asked for; asking for at"
                            + " most {} now",
                    clientId,
                    event.arrivedBytes(),
                    event.nodeId(),
                    TimeUnit.NANOSECONDS.toMillis(event.timeoutNanos()),
                    event.askedBytes(),
                    event.nextBytes());
        } else if (event.inARow() == ALARMING_TIMEOUTS) {
            log.warn(
                    "[{}] The link to broker {} is too slow for the topics' batches: {} answers in a row did not arrive"
                            + " within {} ms, the last one with {} bytes; raise request.timeout.ms. The client keeps"
                            + " trying",
                    clientId,
                    event.nodeId(),
                    event.inARow(),
                    TimeUnit.NANOSECONDS.toMillis(event.timeoutNanos()),
                    event.arrivedBytes());
        }
    }

    /** A commit of which nobody else is told. */
    void commitFailed(Map<TopicPartition, OffsetAndMetadata> offsets, Exception failure) {
        log.warn("[{}] Offsets {} could not be committed", clientId, offsets, failure);
    }

    void grouped(GroupEvent event) {
        event.accept(groupLines);
    }

    /** Writes a line for what happens to a membership. */
    private final class GroupLines implements GroupEvent.Visitor {
        private String rebalanceReason = "";

        @Override
        public void coordinatorFound(GroupEvent.CoordinatorFound event) {
            log.debug("[{}] The group's coordinator is broker {}", clientId, event.coordinator());
        }

        @Override
        public void coordinatorLost(GroupEvent.CoordinatorLost event) {
            log.info("[{}] The group's coordinator is looked for anew: {}", clientId, event.reason());
        }

        @Override
        public void rebalanceStarted(GroupEvent.RebalanceStarted event) {
            rebalanceReason = event.reason();
            log.debug("[{}] A rebalance begins: {}", clientId, event.reason());
        }

        @Override
        public void rebalanceEnded(GroupEvent.RebalanceEnded event) {
            log.info(
                    "[{}] The rebalance has {} after {} ms, in generation or epoch {}, with {} partitions; it began"
                            + " because: {}",
                    clientId,
                    event.failed() ? "failed" : "ended",
                    TimeUnit.NANOSECONDS.toMillis(event.durationNanos()),
                    event.epoch(),
                    event.owned(),
                    rebalanceReason);
        }

        @Override
        public void heartbeatSent(GroupEvent.HeartbeatSent event) {
            // A metric, no line.
        }

        @Override
        public void roundFailed(GroupEvent.RoundFailed event) {
            // A metric; what follows from the failure has lines of its own.
        }

        @Override
        public void requestEnded(GroupEvent.RequestEnded event) {
            // A metric, no line.
        }

        @Override
        public void membershipEnded(GroupEvent.MembershipEnded event) {
            log.warn("[{}] The membership of the group has ended: {}", clientId, event.reason(), event.failure());
        }

        @Override
        public void offsetUnstable(GroupEvent.OffsetUnstable event) {
            log.warn(
                    "[{}] {} is not read: its committed offset has been part of an open transaction for {} ms; look for"
                            + " a transactional producer that hangs",
                    clientId,
                    event.partition(),
                    TimeUnit.NANOSECONDS.toMillis(event.sinceNanos()));
        }

        @Override
        public void leaseLapsed(GroupEvent.LeaseLapsed event) {
            log.warn(
                    "[{}] No heartbeat was answered for a whole session: the group may have given the partitions of"
                            + " this consumer to others",
                    clientId);
        }

        @Override
        public void offsetsOutdated(GroupEvent.OffsetsOutdated event) {
            log.warn(
                    "[{}] Offsets of {} were not committed: the topic was deleted and created anew since they were"
                            + " consumed",
                    clientId,
                    event.partitions());
        }
    }

    void failed(Request<?> request, RequestFailure failure) {
        recorded.failed(request, failure);
        log.debug(
                "[{}] {} to broker {} failed ({})",
                clientId,
                request.getClass().getSimpleName(),
                request.nodeId(),
                words(failure.kind()),
                failure.cause());
    }

    /** Returns the name of one of our own constants as words; the protocol's error names stay as they are. */
    private static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
