package dev.surefoot.cli.doctor;

import dev.surefoot.cli.console.FailureLine;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;
import org.jspecify.annotations.Nullable;

/** Asks for the details of an examination. What is not permitted is left out, and named. */
final class BackgroundLook {

    private static final String READ_QUOTA = "consumer_byte_rate";

    private final Admin admin;
    private final Stop stop;
    private final PartitionLook partitions;
    private final TransactionLook transactions;
    private final NextRecordLook nextRecords;
    private final NotSeen missing;
    private final LongSupplier wallMs;

    /** The partitions that were read and have no next record, as they were seen then. */
    private final Map<TopicPartition, PartitionView> empty = new HashMap<>();

    BackgroundLook(
            Admin admin,
            Stop stop,
            PartitionLook partitions,
            TransactionLook transactions,
            NextRecordLook nextRecords,
            NotSeen missing,
            LongSupplier wallMs) {
        this.admin = admin;
        this.stop = stop;
        this.partitions = partitions;
        this.transactions = transactions;
        this.nextRecords = nextRecords;
        this.missing = missing;
        this.wallMs = wallMs;
    }

    /** Asks about open transactions only, so that one that hangs is asked about twice. */
    void askAboutTransactions(Examination seen) {
        Details details = Details.of(seen, false);
        transactions.open(details.pinned());
        if (details.pending()) {
            offsetsTransaction(seen.last().group().id());
        }
    }

    /** Asks all that matters for what was seen. */
    Background ask(Examination seen, boolean peek) {
        Details details = Details.of(seen, peek);
        Set<String> topics =
                seen.partitions().stream().map(TopicPartition::topic).collect(Collectors.toSet());
        Map<String, TopicSettings> settings = settings(topics);
        String group = seen.last().group().id();
        return new Background(
                settings,
                transactions.open(details.pinned()),
                details.pending() ? offsetsTransaction(group) : Map.of(),
                nextRecords(seen, details),
                nearRetention(seen, details, settings),
                firstLocal(details, settings),
                quotas(details.clients()),
                missing.take());
    }

    /** Reads what comes next; where nothing did before, and nothing has changed since, nothing does now. */
    private Map<TopicPartition, NextRecord> nextRecords(Examination seen, Details details) {
        Map<TopicPartition, PartitionView> now = seen.last().partitions();
        empty.entrySet().removeIf(each -> !isSame(each.getValue(), now.get(each.getKey())));
        Map<TopicPartition, Long> committed = new HashMap<>(details.toPeek());
        committed.keySet().removeAll(empty.keySet());
        Map<TopicPartition, Long> uncommitted = new HashMap<>(committed);
        if (seen.question().isolation() != Isolation.READ_UNCOMMITTED) {
            uncommitted.keySet().retainAll(details.beyondStable());
        }
        committed.keySet().removeAll(uncommitted.keySet());
        Map<TopicPartition, NextRecord> found = new HashMap<>(nextRecords.at(committed, false, missing));
        found.putAll(nextRecords.at(uncommitted, true, missing));
        found.forEach((partition, next) -> {
            if (!next.exists()) {
                empty.put(partition, now.get(partition));
            }
        });
        empty.keySet().forEach(each -> found.put(each, NextRecord.NONE));
        return found;
    }

    private static boolean isSame(PartitionView before, @Nullable PartitionView now) {
        return now != null
                && before.commit().equals(now.commit())
                && before.ends().equals(now.ends());
    }

    private Map<String, TopicSettings> settings(Set<String> topics) {
        Map<String, TopicSettings> settings = new HashMap<>();
        Collection<ConfigResource> resources = topics.stream()
                .map(each -> new ConfigResource(ConfigResource.Type.TOPIC, each))
                .toList();
        Map<ConfigResource, KafkaFuture<Config>> asked =
                admin.describeConfigs(resources).values();
        asked.forEach((resource, question) -> {
            Answer<Config> answer = stop.answerTo(question);
            answer.value().ifPresent(config -> settings.put(resource.name(), settingsOf(config)));
            answer.failure()
                    .ifPresent(why -> missing.add(
                            why instanceof AuthorizationException
                                    ? "DESCRIBE_CONFIGS on topic " + resource.name() + ", for its retention"
                                    : "the retention of topic " + resource.name() + ": " + FailureLine.lineOf(why)));
        });
        return settings;
    }

    private static TopicSettings settingsOf(Config config) {
        long retentionMs = Long.parseLong(value(config, TopicConfig.RETENTION_MS_CONFIG, "-1"));
        boolean deletes = value(config, TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE)
                .contains(TopicConfig.CLEANUP_POLICY_DELETE);
        return new TopicSettings(
                Integer.parseInt(value(config, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "1")),
                deletes && retentionMs > 0 ? OptionalLong.of(retentionMs) : OptionalLong.empty(),
                Boolean.parseBoolean(value(config, TopicConfig.REMOTE_LOG_STORAGE_ENABLE_CONFIG, "false")));
    }

    private static String value(Config config, String key, String otherwise) {
        ConfigEntry entry = config.get(key);
        return entry == null || entry.value() == null ? otherwise : entry.value();
    }

    /** The group's commits are in one partition of the topic of offsets, and so is the transaction that has them. */
    private Map<String, OpenTransaction> offsetsTransaction(String group) {
        Answer<TopicDescription> topic =
                partitions.describe(List.of(GroupLook.OFFSETS_TOPIC)).of(GroupLook.OFFSETS_TOPIC);
        if (topic.value().isEmpty()) {
            return Map.of();
        }
        int count = topic.value().get().partitions().size();
        TopicPartition home = new TopicPartition(GroupLook.OFFSETS_TOPIC, homeOf(group, count));
        OpenTransaction open = transactions.open(Set.of(home)).get(home);
        return open == null ? Map.of() : Map.of(group, open);
    }

    /** Brokers place a group in this way; the smallest integer has no absolute value. */
    private static int homeOf(String group, int partitions) {
        int hash = group.hashCode();
        return hash == Integer.MIN_VALUE ? 0 : Math.abs(hash) % partitions;
    }

    private Set<TopicPartition> nearRetention(Examination seen, Details details, Map<String, TopicSettings> settings) {
        Map<TopicPartition, OffsetSpec> questions = new HashMap<>();
        for (TopicPartition each : details.behind()) {
            TopicSettings topic = settings.get(each.topic());
            if (topic != null && topic.retentionMs().isPresent()) {
                long oldMs = wallMs.getAsLong() - topic.retentionMs().getAsLong() / 5 * 4;
                questions.put(each, OffsetSpec.forTimestamp(Math.max(0, oldMs)));
            }
        }
        Set<TopicPartition> near = new HashSet<>();
        partitions.offsets(questions).forEach((partition, firstYoung) -> {
            PartitionView view = seen.last().partitions().get(partition);
            long committed =
                    view == null ? Long.MAX_VALUE : view.commit().offset().orElse(Long.MAX_VALUE);
            // Without a younger record there is no such offset, and all records are old.
            if (firstYoung < 0 || committed < firstYoung) {
                near.add(partition);
            }
        });
        return near;
    }

    private Map<TopicPartition, Long> firstLocal(Details details, Map<String, TopicSettings> settings) {
        Map<TopicPartition, OffsetSpec> questions = new HashMap<>();
        for (TopicPartition each : details.behind()) {
            TopicSettings topic = settings.get(each.topic());
            if (topic != null && topic.remote()) {
                questions.put(each, OffsetSpec.earliestLocal());
            }
        }
        return partitions.offsets(questions);
    }

    private Map<String, Double> quotas(Set<String> clients) {
        Map<String, Double> quotas = new HashMap<>();
        for (String each : clients) {
            ClientQuotaFilter filter = ClientQuotaFilter.contains(
                    List.of(ClientQuotaFilterComponent.ofEntity(ClientQuotaEntity.CLIENT_ID, each)));
            Answer<Map<ClientQuotaEntity, Map<String, Double>>> answer =
                    stop.answerTo(admin.describeClientQuotas(filter).entities());
            answer.value().stream()
                    .flatMap(entities -> entities.values().stream())
                    .filter(limits -> limits.containsKey(READ_QUOTA))
                    .mapToDouble(limits -> limits.get(READ_QUOTA))
                    .min()
                    .ifPresent(bytes -> quotas.put(each, bytes));
            answer.failure()
                    .ifPresent(why -> missing.add(
                            why instanceof AuthorizationException
                                    ? "DESCRIBE_CONFIGS on the cluster, for quotas"
                                    : "quotas: " + FailureLine.lineOf(why)));
        }
        return quotas;
    }
}
