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
import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.StallCause;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one cause of a partition: the first that applies, in an order in which what explains more comes first. A
 * query; it changes nothing. Owned by the loop's thread.
 */
final class CauseTree {
    /** Answers in a row from which on a repeated fault is not a matter of chance. */
    private static final int IN_A_ROW = 3;

    private final GuardSettings settings;
    private final Fetcher fetcher;
    /** By node id. */
    private final Map<Integer, BrokerLedger> brokers;

    private final Surroundings surroundings;
    private final ApplicationLedger application;
    private final LinkCauses links;
    private final LeaderCauses leaders;
    private final SessionCauses sessions;
    private final GroupCauses groups;

    CauseTree(
            GuardSettings settings,
            Cluster cluster,
            MetadataRefresh refresh,
            Fetcher fetcher,
            Surroundings surroundings,
            ApplicationLedger application,
            Map<Integer, BrokerLedger> brokers,
            EndCauses ends) {
        this.settings = settings;
        this.brokers = brokers;
        this.fetcher = fetcher;
        this.surroundings = surroundings;
        this.application = application;
        this.links = new LinkCauses(settings, surroundings);
        this.leaders = new LeaderCauses(cluster, refresh, links);
        this.sessions = new SessionCauses(surroundings, ends);
        this.groups = new GroupCauses(surroundings, leaders);
    }

    /** The search for the cause at one look. */
    private final class Search extends Look {
        Search(PartitionLedger ledger, @Nullable Reading reading, FetchSource source, boolean standing, long nowNanos) {
            super(CauseTree.this.settings, ledger, reading, source, standing, nowNanos);
        }

        Conclusion conclude() {
            Conclusion found = ofGroup();
            found = found != null ? found : ofApplication();
            found = found != null ? found : ofLeader();
            found = found != null ? found : ofPosition();
            found = found != null || hasNotTaken() ? found : sessions.ofProof(this);
            found = found != null ? found : sessions.ofSession(this, askedId);
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
                long shortNanos = Math.min(SHORT_NANOS, settings.timing().patienceNanos());
                boolean isAway = !application.isInPoll() && !recently(sinceNanos(), shortNanos);
                return isAway
                        ? new Conclusion(StallCause.APPLICATION_NOT_POLLING, new Scope.Client(), doing(""))
                        : null;
            }
            if (view == null) {
                return null;
            }
            if (view.readiness() == LaneReadiness.RECORD_FAILED) {
                return here(
                        DataCauses.ofRecord(view.failure(), application.refusals()),
                        doing(DataCauses.message(view.failure())));
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
            boolean reads = recently(ledger.consumption().advancedNanos(), SHORT_NANOS);
            boolean longSince = !recently(sinceNanos(), SHORT_NANOS);
            if (longSince && !reads) {
                StallCause cause =
                        application.isInPoll() ? StallCause.DESERIALIZER_SLOW : StallCause.APPLICATION_NOT_POLLING;
                return new Conclusion(cause, new Scope.Client(), doing(""));
            }
            boolean moves = recently(ledger.movedNanos(), settings.timing().patienceNanos()) || (!longSince && isNew());
            return moves ? moving(doing("")) : here(StallCause.APPLICATION_SLOW, doing(""));
        }

        /** An application that was never in poll has been out of it since the partition was assigned. */
        private long sinceNanos() {
            return Math.max(application.sinceNanos(), ledger.stateNanos());
        }

        private Evidence doing(String failure) {
            return new Evidence.Application(marks(), application.isInPoll(), ageMs(sinceNanos()), failure, List.of());
        }

        private @Nullable Conclusion ofLeader() {
            Conclusion ofMetadata =
                    ledger.leaderId() >= 0 ? null : leaders.conclude(name, marks(), ledger.patienceNanos(), nowNanos);
            if (ofMetadata != null) {
                return ofMetadata;
            }
            PartitionFault fault = tracked.fault();
            boolean refused = fault != null && isUnauthorized(fault.error());
            // A partition whose committed offset is awaited waits for the coordinator, and asks nothing of its leader.
            boolean asksLeader = tracked.state().kind() != PositionState.Kind.UNPLACED;
            Conclusion ofLink = refused || !asksLeader
                    ? null
                    : links.conclude(askedId, tracked.state().needsLookup(), marks(), nowNanos);
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

        /** What is remembered of the broker that is asked now: another one may have named the partition last. */
        private BrokerLedger asked() {
            return brokers.getOrDefault(askedId, broker);
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

        private Conclusion ofMovement() {
            Evidence offsets = new Evidence.Offsets(marks());
            if (recently(ledger.movedNanos(), settings.timing().patienceNanos())) {
                return moving(offsets);
            }
            if (isNew()) {
                return here(StallCause.STARTING, offsets);
            }
            Conclusion weak = ofWeakEvidence();
            if (weak != null) {
                return weak;
            }
            if (!route.isFetched() && route.cause() != PartitionRoute.Cause.BACKING_OFF) {
                return here(StallCause.CLIENT_FAULT, offsets);
            }
            boolean isFirst = asked().lastOrderlyNanos() == PartitionLedger.NEVER;
            Conclusion awaited = links.awaited(askedId, isFirst, marks(), nowNanos);
            Conclusion found = awaited != null ? awaited : ofTurn();
            return found != null ? found : here(StallCause.UNEXPLAINED, sessions.evidence(this));
        }

        /**
         * Whether other partitions come first: with the application, which takes all that was fetched of one before it
         * takes the next, or with the broker.
         */
        private @Nullable Conclusion ofTurn() {
            boolean takesOthers = recently(application.readNanos(), SHORT_NANOS);
            long sinceNanos = Math.max(ledger.patienceNanos(), ledger.movedNanos());
            boolean inTime = recently(sinceNanos, settings.timing().maxPollIntervalNanos());
            return hasNotTaken() && takesOthers && inTime
                    ? here(StallCause.APPLICATION_SLOW, doing(""))
                    : sessions.ofTurn(this);
        }

        /** A position may move for long over what is not for the application. */
        private Conclusion moving(Evidence evidence) {
            long barren = ledger.consumption().barrenNanos();
            boolean isBarren = barren != PartitionLedger.NEVER
                    && !recently(barren, SHORT_NANOS)
                    && recently(ledger.consumption().advancedNanos(), SHORT_NANOS);
            return isBarren
                    ? here(StallCause.NOTHING_DELIVERABLE, new Evidence.Offsets(marks()))
                    : here(StallCause.PROGRESSING, evidence);
        }

        /** What would be a matter of chance if there was progress. */
        private @Nullable Conclusion ofWeakEvidence() {
            Conclusion found = leaders.stale(marks(), nowNanos);
            found = found != null ? found : ofFault();
            found = found != null ? found : ofFollower();
            return found != null ? found : sessions.ofDisorder(this, askedId, asked());
        }

        /**
         * A leader that sends a partition to a follower which lacks the records, or cannot be reached, does so again
         * and again.
         */
        private @Nullable Conclusion ofFollower() {
            if (recently(ledger.followerBehindNanos(), SHORT_NANOS)) {
                return here(StallCause.FOLLOWER_BEHIND, new Evidence.Offsets(marks()));
            }
            int failed = fetcher.replicaFailedSince(name, nowNanos - SHORT_NANOS);
            if (failed < 0) {
                return null;
            }
            Conclusion ofLink = links.ofFollower(failed, marks(), nowNanos);
            // Metadata may not name the follower at all, so that there is no connection.
            return ofLink != null ? ofLink : here(StallCause.FOLLOWER_BEHIND, new Evidence.Offsets(marks()));
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
     * @param standing whether what the broker told that has named the partition last still holds
     */
    Conclusion conclude(
            PartitionLedger ledger, @Nullable Reading reading, FetchSource source, boolean standing, long nowNanos) {
        return new Search(ledger, reading, source, standing, nowNanos).conclude();
    }
}
