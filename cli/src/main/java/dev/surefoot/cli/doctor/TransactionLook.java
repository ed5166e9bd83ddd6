package dev.surefoot.cli.doctor;

import dev.surefoot.cli.console.FailureLine;
import dev.surefoot.cli.doctor.OpenTransaction.Hanging;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeProducersResult;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/**
 * Finds the transactions that hold last stable offsets back, for how long they were seen open, and whether they hang.
 * Used by one thread.
 */
final class TransactionLook {

    /** The topic whose partitions coordinators of transactions lead. */
    private static final String TRANSACTIONS = "__transaction_state";

    private final Admin admin;
    private final Stop stop;
    private final NotSeen missing;
    private final LongSupplier clockMs;
    private final Map<TopicPartition, Sighting> sightings = new HashMap<>();

    TransactionLook(Admin admin, Stop stop, NotSeen missing, LongSupplier clockMs) {
        this.admin = admin;
        this.stop = stop;
        this.missing = missing;
        this.clockMs = clockMs;
    }

    /** Returns the oldest open transaction of each of these partitions that has one. */
    Map<TopicPartition, OpenTransaction> open(Set<TopicPartition> partitions) {
        Map<TopicPartition, OpenTransaction> open = new HashMap<>();
        if (partitions.isEmpty()) {
            return open;
        }
        DescribeProducersResult producers = admin.describeProducers(partitions);
        for (TopicPartition each : partitions) {
            Answer<PartitionProducerState> answer = stop.answerTo(producers.partitionResult(each));
            if (answer.isFailedBy(TopicAuthorizationException.class)) {
                missing.add("READ on topic " + each.topic() + ", to name the producer of an open transaction");
            } else {
                answer.failure()
                        .ifPresent(why -> missing.add("the producers of " + each + ": " + FailureLine.lineOf(why)));
            }
            answer.value()
                    .flatMap(TransactionLook::oldest)
                    .ifPresent(holder -> open.put(each, remembered(each, describe(each, holder))));
        }
        return open;
    }

    private static Optional<ProducerState> oldest(PartitionProducerState state) {
        return state.activeProducers().stream()
                .filter(each -> each.currentTransactionStartOffset().isPresent())
                .min(Comparator.comparingLong(
                        each -> each.currentTransactionStartOffset().getAsLong()));
    }

    private OpenTransaction describe(TopicPartition partition, ProducerState holder) {
        Optional<Collection<TransactionListing>> listed =
                listings(new ListTransactionsOptions().filterProducerIds(List.of(holder.producerId())));
        Optional<TransactionListing> listing =
                listed.flatMap(each -> each.stream().findFirst());
        if (listing.isEmpty()) {
            return unlisted(holder, listed.isPresent());
        }
        String id = listing.get().transactionalId();
        Answer<TransactionDescription> description =
                stop.answerTo(admin.describeTransactions(List.of(id)).description(id));
        if (description.value().isEmpty()) {
            return of(holder, Optional.of(id), listing.get().state().toString(), Hanging.UNKNOWN, Optional.empty());
        }
        TransactionDescription told = description.value().get();
        boolean known = told.topicPartitions().contains(partition);
        OpenTransaction open = of(
                holder, Optional.of(id), told.state().toString(), known ? Hanging.NO : Hanging.YES, Optional.empty());
        return known
                ? open.timed(told.transactionStartTimeMs(), told.transactionTimeoutMs(), isOverdue(holder, told))
                : open;
    }

    /** Asks the coordinator whether the timeout has passed by its own clock; older brokers cannot tell. */
    private Optional<Boolean> isOverdue(ProducerState holder, TransactionDescription told) {
        ListTransactionsOptions older = new ListTransactionsOptions()
                .filterProducerIds(List.of(holder.producerId()))
                .filterOnDuration(told.transactionTimeoutMs() + OpenTransaction.CLEAN_UP_MS);
        return listings(older).map(listed -> !listed.isEmpty());
    }

    /** A transaction that is in no list: it hangs if every broker has told all that it coordinates. */
    private OpenTransaction unlisted(ProducerState holder, boolean answered) {
        if (!answered || !allCoordinatorsAreThere()) {
            return unknown(holder, "the word of every broker on its transactions, as one of them has not answered");
        }
        return mayListAll()
                ? of(holder, Optional.empty(), "", Hanging.YES, Optional.empty())
                : unknown(
                        holder,
                        "DESCRIBE on all transactional ids; without it a transaction that hangs and one that does not"
                                + " look the same");
    }

    private static OpenTransaction unknown(ProducerState holder, String missing) {
        return of(holder, Optional.empty(), "", Hanging.UNKNOWN, Optional.of(missing));
    }

    /** Returns whether each transaction has a coordinator: one whose partition has no leader is listed by nobody. */
    private boolean allCoordinatorsAreThere() {
        Answer<TopicDescription> topic = stop.answerTo(
                admin.describeTopics(List.of(TRANSACTIONS)).topicNameValues().get(TRANSACTIONS));
        return topic.value().stream()
                .anyMatch(each -> each.partitions().stream()
                        .noneMatch(partition ->
                                partition.leader() == null || partition.leader().isEmpty()));
    }

    /**
     * Returns whether an empty list means that there is nothing, and not that this user may not see it. Who may alter
     * the cluster and is told of some transactions is told of all; others may have the right for some names only.
     */
    private boolean mayListAll() {
        Answer<Collection<AclBinding>> acls =
                stop.answerTo(admin.describeAcls(AclBindingFilter.ANY).values());
        if (acls.isFailedBy(SecurityDisabledException.class)) {
            return true;
        }
        Answer<Set<AclOperation>> rights =
                stop.answerTo(admin.describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true))
                        .authorizedOperations());
        return rights.value().filter(each -> each.contains(AclOperation.ALTER)).isPresent()
                && listings(new ListTransactionsOptions())
                        .filter(each -> !each.isEmpty())
                        .isPresent();
    }

    private Optional<Collection<TransactionListing>> listings(ListTransactionsOptions which) {
        return stop.answerTo(admin.listTransactions(which).all()).value();
    }

    private OpenTransaction remembered(TopicPartition partition, OpenTransaction told) {
        Sighting sighting = Sighting.of(told, Optional.ofNullable(sightings.get(partition)), clockMs.getAsLong());
        sightings.put(partition, sighting);
        return sighting.transaction();
    }

    private static OpenTransaction of(
            ProducerState holder,
            Optional<String> transactionalId,
            String state,
            Hanging hanging,
            Optional<String> missing) {
        return new OpenTransaction(
                holder.producerId(),
                holder.producerEpoch(),
                holder.currentTransactionStartOffset().getAsLong(),
                holder.lastTimestamp(),
                transactionalId,
                state,
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                0,
                hanging,
                missing);
    }
}
