package dev.surefoot.core.guard;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.MetadataRefresh;
import dev.surefoot.core.delivery.LaneReadiness;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.fetch.Fetcher;
import dev.surefoot.core.fetch.PartitionRoute;
import dev.surefoot.core.guard.ApplicationView.Reading;
import dev.surefoot.core.position.Hold;
import dev.surefoot.core.position.PartitionFault;
import dev.surefoot.core.position.PositionState;
import dev.surefoot.core.position.TrackedPartition;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Marks;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.StallCause;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one cause of a partition: the first that applies, in an order in which what explains more comes first. A
 * query; it changes nothing. Owned by the loop's thread.
 */
final class CauseTree {
    private static final long SECOND_NANOS = 1_000_000_000L;

    /** How long a poll, or what the application does between polls, is short. */
    private static final long SHORT_NANOS = 10 * SECOND_NANOS;

    /** Answers in a row from which on a repeated fault is not a matter of chance. */
    private static final int IN_A_ROW = 3;

    private final GuardSettings settings;
    private final Fetcher fetcher;
    private final Surroundings surroundings;
    private final ApplicationLedger application;
    private final LinkCauses links;
    private final LeaderCauses leaders;
    private final GroupCauses groups;

    CauseTree(
            GuardSettings settings,
            Cluster cluster,
            MetadataRefresh refresh,
            Fetcher fetcher,
            Surroundings surroundings,
            ApplicationLedger application) {
        this.settings = settings;
        this.fetcher = fetcher;
        this.surroundings = surroundings;
        this.application = application;
        this.links = new LinkCauses(settings, surroundings);
        this.leaders = new LeaderCauses(cluster, refresh, links);
        this.groups = new GroupCauses(surroundings, links);
    }

    /** What a look sees of one partition. */
    private final class Look {
        private final PartitionLedger ledger;
        private final @Nullable Reading reading;
        private final BrokerLedger broker;
        private final boolean standing;
        private final long nowNanos;
        private final TrackedPartition tracked;
        private final TopicPartition name;

        Look(PartitionLedger ledger, @Nullable Reading reading, BrokerLedger broker, boolean standing, long nowNanos) {
            this.ledger = ledger;
            this.reading = reading;
            this.broker = broker;
            this.standing = standing;
            this.nowNanos = nowNanos;
            this.tracked = ledger.tracked();
            this.name = tracked.partition();
        }

        Conclusion conclude() {
            Conclusion found = ofGroup();
            found = found != null ? found : ofApplication();
            found = found != null ? found : ofLeader();
            found = found != null ? found : ofPosition();
            found = found != null ? found : ofProof();
            found = found != null ? found : ofSession();
            return found != null ? found : ofMovement();
        }

        private @Nullable Conclusion ofGroup() {
            boolean held = tracked.isHeld(Hold.REVOKED) || tracked.isHeld(Hold.NOT_TAKEN);
            return held ? groups.ofHeld(marks(), nowNanos) : null;
        }

        /** Whether it is the application's turn, and what it does then. */
        private @Nullable Conclusion ofApplication() {
            if (tracked.paused()) {
                return here(StallCause.PAUSED, new Evidence.Offsets(marks()));
            }
            if (tracked.state().kind() == PositionState.Kind.HALTED) {
                Throwable reason = tracked.state().reason();
                return here(DataCauses.ofHalt(reason), new Evidence.Halt(marks(), DataCauses.message(reason)))
                        .with(Conclusion.Weight.FINAL);
            }
            Reading view = reading;
            if (hasNotTaken()) {
                boolean isAway = !application.isInPoll() && !recently(sinceNanos(), SHORT_NANOS);
                return isAway
                        ? new Conclusion(StallCause.APPLICATION_NOT_POLLING, new Scope.Client(), doing(""))
                        : null;
            }
            if (view == null) {
                return null;
            }
            if (view.readiness() == LaneReadiness.RECORD_FAILED) {
                return here(DataCauses.ofRecord(view.failure()), doing(DataCauses.message(view.failure())));
            }
            boolean dataWaits = view.readiness() == LaneReadiness.READY || view.readiness() == LaneReadiness.FAILED;
            boolean fetchedAhead = view.offset() >= 0 && ledger.fetchOffset() > view.offset();
            return dataWaits || fetchedAhead ? ofReading() : null;
        }

        /** Whether the application has not asked for records since the partition was assigned, sought or reset. */
        private boolean hasNotTaken() {
            return application.sinceNanos() != PartitionLedger.NEVER
                    && tracked.state().kind() == PositionState.Kind.FETCHING
                    && (reading == null || reading.offset() < 0);
        }

        private Conclusion ofReading() {
            boolean reads = recently(ledger.advancedNanos(), SHORT_NANOS);
            boolean longSince = !recently(sinceNanos(), SHORT_NANOS);
            if (longSince && !reads) {
                StallCause cause =
                        application.isInPoll() ? StallCause.DESERIALIZER_SLOW : StallCause.APPLICATION_NOT_POLLING;
                return new Conclusion(cause, new Scope.Client(), doing(""));
            }
            StallCause cause =
                    recently(ledger.movedNanos(), settings.timing().patienceNanos()) || (!longSince && isNew())
                            ? StallCause.PROGRESSING
                            : StallCause.APPLICATION_SLOW;
            return here(cause, doing(""));
        }

        /** An application that was never in poll has been out of it since the partition was assigned. */
        private long sinceNanos() {
            return Math.max(application.sinceNanos(), ledger.stateNanos());
        }

        private Evidence doing(String failure) {
            return new Evidence.Application(marks(), application.isInPoll(), ageMs(sinceNanos()), failure, List.of());
        }

        private @Nullable Conclusion ofLeader() {
            Conclusion ofMetadata = leaders.conclude(name, marks(), ledger.patienceNanos(), nowNanos);
            if (ofMetadata != null) {
                return ofMetadata;
            }
            PartitionFault fault = tracked.fault();
            boolean refused = fault != null && isUnauthorized(fault.error());
            Conclusion ofLink = refused
                    ? null
                    : links.conclude(askedBroker(), tracked.state().needsLookup(), marks(), nowNanos);
            boolean isChance = !refused && (fault == null || fault.inARow() < IN_A_ROW);
            return ofLink != null || isChance ? ofLink : ofFault();
        }

        private @Nullable Conclusion ofFault() {
            PartitionFault fault = tracked.fault();
            return fault == null
                    ? null
                    : here(
                            isUnauthorized(fault.error()) ? StallCause.NOT_AUTHORIZED : StallCause.BROKER_ERRORS,
                            new Evidence.Fault(
                                    marks(),
                                    fault.nodeId(),
                                    fault.error().describe(fault.errorCode()),
                                    fault.inARow(),
                                    ageMs(fault.firstNanos())));
        }

        private static boolean isUnauthorized(BrokerError error) {
            return error == BrokerError.TOPIC_AUTHORIZATION_FAILED || error == BrokerError.CLUSTER_AUTHORIZATION_FAILED;
        }

        /** The broker that is fetched from, else the one that has the answer; -1 if none is known. */
        private int askedBroker() {
            PartitionRoute route = fetcher.routeOf(name, nowNanos);
            return route.isFetched() ? route.nodeId() : ledger.leaderId();
        }

        private @Nullable Conclusion ofPosition() {
            return switch (tracked.state().kind()) {
                case UNPLACED -> unplaced();
                case RESETTING -> lookingUp("an offset by " + tracked.state().strategy());
                case VALIDATING -> lookingUp("the validation of the position by the leader's epochs");
                case FETCHING, HALTED -> null;
            };
        }

        private Conclusion unplaced() {
            if (surroundings.isOffsetUnstable(tracked)) {
                return here(
                        StallCause.COMMITTED_OFFSET_UNSTABLE,
                        new Evidence.Lookup(
                                marks(),
                                "an offset that is part of a transaction",
                                -1,
                                ageMs(ledger.stateNanos()),
                                tracked.failuresInARow()));
            }
            Conclusion ofCoordinator = groups.ofCoordinator(marks(), nowNanos);
            return ofCoordinator != null ? ofCoordinator : lookingUp("the offset that the group has committed");
        }

        private Conclusion lookingUp(String question) {
            boolean unplaced = tracked.state().kind() == PositionState.Kind.UNPLACED;
            return here(
                    StallCause.LOOKING_UP_POSITION,
                    new Evidence.Lookup(
                            marks(),
                            question,
                            unplaced ? -1 : ledger.leaderId(),
                            ageMs(ledger.stateNanos()),
                            tracked.failuresInARow()));
        }

        private @Nullable Conclusion ofProof() {
            long end = ledger.readableEnd(settings.readCommitted());
            if (!standing || end < 0 || ledger.consumed() < end || hasNotTaken()) {
                return null;
            }
            return pinned() > 0 ? ofTransaction() : here(StallCause.CAUGHT_UP, new Evidence.Offsets(marks()));
        }

        /** Records between what may be read and the end of the log. */
        private long pinned() {
            long end = ledger.readableEnd(settings.readCommitted());
            return settings.readCommitted() && end >= 0 ? ledger.watermarks().highWatermark() - end : 0;
        }

        private Conclusion ofTransaction() {
            return here(
                    StallCause.TRANSACTION_OPEN,
                    new Evidence.Transaction(marks(), pinned(), ageMs(ledger.pinnedNanos())));
        }

        private @Nullable Conclusion ofSession() {
            int node = askedBroker();
            if (node >= 0 && surroundings.isHeldBack(node) && !isMoving()) {
                Surroundings.Memory memory = surroundings.memory();
                return new Conclusion(
                        StallCause.BUFFER_FULL_OF_OTHERS,
                        new Scope.Broker(node),
                        new Evidence.Buffer(marks(), memory.heldBytes(), memory.capacityBytes()));
            }
            if (ledger.doubts() >= IN_A_ROW) {
                return here(StallCause.LOG_DOES_NOT_LEAD_ON, session());
            }
            boolean goesOn = ledger.movedNanos() > broker.mismatchedNanos();
            if (broker.mismatches(nowNanos) >= IN_A_ROW && !goesOn) {
                return new Conclusion(StallCause.SESSION_DIVERGED, new Scope.Broker(ledger.nodeId()), session());
            }
            boolean behind = ledger.fetchOffset() < ledger.readableEnd(settings.readCommitted());
            return behind && broker.silentAnswers(ledger.silence().sinceAnswer()) >= IN_A_ROW
                    ? here(StallCause.PARTITION_LOST_FROM_SESSION, session())
                    : null;
        }

        private Evidence session() {
            return new Evidence.Session(
                    marks(),
                    ledger.nodeId(),
                    broker.silentAnswers(ledger.silence().sinceAnswer()),
                    ageMs(ledger.mentionedNanos()),
                    broker.mismatches(nowNanos),
                    ledger.doubts());
        }

        private Conclusion ofMovement() {
            Evidence offsets = new Evidence.Offsets(marks());
            if (recently(ledger.movedNanos(), settings.timing().patienceNanos())) {
                return here(StallCause.PROGRESSING, offsets);
            }
            if (isNew()) {
                return here(StallCause.STARTING, offsets);
            }
            Conclusion weak = ofWeakEvidence();
            if (weak != null) {
                return weak;
            }
            PartitionRoute route = fetcher.routeOf(name, nowNanos);
            if (!route.isFetched() && route.cause() != PartitionRoute.Cause.BACKING_OFF) {
                return here(StallCause.CLIENT_FAULT, offsets);
            }
            boolean isFirst = broker.lastOrderlyNanos() == PartitionLedger.NEVER;
            Conclusion awaited = links.awaited(askedBroker(), isFirst, marks(), nowNanos);
            return awaited != null ? awaited : here(StallCause.UNEXPLAINED, session());
        }

        /** What would be a matter of chance if there was progress. */
        private @Nullable Conclusion ofWeakEvidence() {
            Conclusion found = leaders.stale(marks(), nowNanos);
            found = found != null ? found : ofFault();
            found = found != null ? found : ofFollower();
            // Compaction may leave nothing below an open transaction: its end has to come before the position moves.
            found = found == null && pinned() > 0 && ledger.isEmptyHere() ? ofTransaction() : found;
            return found != null ? found : ofDisorder();
        }

        /** A leader that sends a partition to a follower which lacks the records does so again and again. */
        private @Nullable Conclusion ofFollower() {
            return recently(ledger.followerBehindNanos(), SHORT_NANOS)
                    ? here(StallCause.FOLLOWER_BEHIND, new Evidence.Offsets(marks()))
                    : null;
        }

        /** Answers that are refused or contradict their session show nothing of any partition. */
        private @Nullable Conclusion ofDisorder() {
            Verdict last = broker.disorder();
            if (last == null) {
                return null;
            }
            BrokerError error = last.error();
            Scope ofBroker = new Scope.Broker(ledger.nodeId());
            Conclusion found = error == null
                    ? new Conclusion(StallCause.SESSION_DIVERGED, ofBroker, session())
                    : new Conclusion(
                            StallCause.BROKER_ERRORS,
                            ofBroker,
                            new Evidence.Fault(
                                    marks(),
                                    ledger.nodeId(),
                                    error.name(),
                                    broker.disordersInARow(),
                                    ageMs(broker.disorderNanos())));
            return found.with(Conclusion.Weight.EARLY);
        }

        private boolean isMoving() {
            return recently(
                    ledger.movedNanos(), Math.min(SHORT_NANOS, settings.timing().patienceNanos()));
        }

        private boolean isNew() {
            return recently(ledger.patienceNanos(), settings.timing().patienceNanos());
        }

        private boolean recently(long thenNanos, long withinNanos) {
            return thenNanos != PartitionLedger.NEVER && nowNanos - thenNanos < withinNanos;
        }

        private Conclusion here(StallCause cause, Evidence evidence) {
            return new Conclusion(cause, new Scope.Partition(name), evidence);
        }

        private Marks marks() {
            return new Marks(
                    ledger.consumed(),
                    ledger.fetchOffset(),
                    ledger.watermarks().highWatermark(),
                    ledger.watermarks().lastStableOffset(),
                    ledger.watermarks().logStartOffset(),
                    ledger.nodeId(),
                    ageMs(ledger.toldNanos()));
        }

        private long ageMs(long thenNanos) {
            return thenNanos == PartitionLedger.NEVER ? -1 : (nowNanos - thenNanos) / 1_000_000;
        }
    }

    /** The causes that lie in the group. */
    GroupCauses groups() {
        return groups;
    }

    /**
     * The cause of one partition.
     *
     * @param reading how far the application has read, or null if that is not known
     * @param standing whether what the partition's broker told of the end of the log still holds
     */
    Conclusion conclude(
            PartitionLedger ledger, @Nullable Reading reading, BrokerLedger broker, boolean standing, long nowNanos) {
        return new Look(ledger, reading, broker, standing, nowNanos).conclude();
    }
}
