package dev.surefoot.cli.doctor;

import dev.surefoot.cli.doctor.Examination.Question;
import dev.surefoot.cli.doctor.GroupView.Phase;
import dev.surefoot.cli.doctor.PartitionView.CommitView;
import dev.surefoot.cli.doctor.PartitionView.LogEnds;
import dev.surefoot.cli.doctor.PartitionView.Replicas;
import dev.surefoot.cli.doctor.PartitionView.Sight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/**
 * What a look at a group has shown, told by values: one sample every 2.5 s for as long as it is told. Member {@code a}
 * has all partitions unless told otherwise.
 */
final class Story {
    static final long NOW_MS = 1_800_000_000_000L;
    static final String TOPIC = "t";

    private final Map<TopicPartition, IntFunction<PartitionView>> partitions = new HashMap<>();
    private IntFunction<GroupView> group;
    private int seconds = 65;
    private Question question = new Question(Isolation.UNKNOWN, false, "", 30_000);
    private final Map<TopicPartition, OpenTransaction> transactions = new HashMap<>();
    private final Map<String, OpenTransaction> offsetsTransactions = new HashMap<>();
    private final Map<TopicPartition, NextRecord> nextRecords = new HashMap<>();
    private boolean readable = true;
    private Optional<String> untold = Optional.empty();
    private final Set<TopicPartition> nearRetention = new HashSet<>();
    private final Map<TopicPartition, Long> firstLocal = new HashMap<>();
    private final Map<String, Double> quotas = new HashMap<>();
    private final Map<String, TopicSettings> topics = new HashMap<>();

    static TopicPartition partition(int index) {
        return new TopicPartition(TOPIC, index);
    }

    /** Sets what is seen of a partition at each sample, which is told its number. */
    Story with(int index, IntFunction<PartitionView> view) {
        partitions.put(partition(index), view);
        return this;
    }

    /** Sets a partition that does not change. */
    Story with(int index, PartitionView view) {
        return with(index, sample -> view);
    }

    Story group(GroupView view) {
        group = sample -> view;
        return this;
    }

    Story group(IntFunction<GroupView> views) {
        group = views;
        return this;
    }

    Story lookedFor(int lookSeconds) {
        seconds = lookSeconds;
        return this;
    }

    /** Sets for how long the user has asked to look. */
    Story asked(int lookSeconds) {
        question = new Question(question.isolation(), question.topicNamed(), question.clientId(), lookSeconds * 1_000L);
        return lookedFor(lookSeconds);
    }

    /** Lets the next record of no partition be read. */
    Story unread() {
        readable = false;
        return this;
    }

    /** Sets what was not told in the last look. */
    Story untold(String what) {
        untold = Optional.of(what);
        return this;
    }

    Story isolation(Isolation isolation) {
        question = new Question(isolation, question.topicNamed(), question.clientId(), question.lookMs());
        return this;
    }

    Story topicNamed() {
        question = new Question(question.isolation(), true, question.clientId(), question.lookMs());
        return this;
    }

    Story askedAbout(String clientId) {
        question = new Question(question.isolation(), question.topicNamed(), clientId, question.lookMs());
        return this;
    }

    Story transaction(int index, OpenTransaction transaction) {
        transactions.put(partition(index), transaction);
        return this;
    }

    Story offsetsTransaction(OpenTransaction transaction) {
        offsetsTransactions.put("g", transaction);
        return this;
    }

    Story next(int index, NextRecord next) {
        nextRecords.put(partition(index), next);
        return this;
    }

    Story nearRetention(int index) {
        nearRetention.add(partition(index));
        return this;
    }

    Story remoteBelow(int index, long offset) {
        firstLocal.put(partition(index), offset);
        return this;
    }

    Story quota(String clientId, double bytes) {
        quotas.put(clientId, bytes);
        return this;
    }

    Story settings(TopicSettings settings) {
        topics.put(TOPIC, settings);
        return this;
    }

    Examination examination() {
        IntFunction<GroupView> theGroup = group == null
                ? sample -> stable(member("a", partitions.keySet().toArray(new TopicPartition[0])))
                : group;
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i * 2_500L <= seconds * 1_000L; i++) {
            int sample = i;
            samples.add(new Sample(
                    i * 2_500L,
                    theGroup.apply(i),
                    partitions.entrySet().stream()
                            .collect(Collectors.toMap(
                                    Map.Entry::getKey, each -> each.getValue().apply(sample))),
                    untold));
        }
        SampleLog log = new SampleLog(seconds * 1_000L, question.isolation());
        samples.forEach(log::add);
        if (readable) {
            Examination seen = new Examination(log.samples(), log.paces(), Background.NOTHING, question, NOW_MS);
            Details.of(seen, false)
                    .toPeek()
                    .forEach((partition, offset) ->
                            nextRecords.putIfAbsent(partition, new NextRecord(true, offset, NOW_MS, -1, 1)));
        }
        Background background = new Background(
                topics,
                transactions,
                offsetsTransactions,
                nextRecords,
                nearRetention,
                firstLocal,
                quotas,
                new TreeSet<>());
        return new Examination(log.samples(), log.paces(), background, question, NOW_MS);
    }

    Report report() {
        return Diagnosis.of(examination());
    }

    /** The finding about a partition. */
    Finding finding(int index) {
        return report().partitions().stream()
                .filter(each -> each.partition().equals(partition(index)))
                .findFirst()
                .orElseThrow()
                .finding();
    }

    /** A partition led by broker 0 whose log begins at 0. */
    static PartitionView at(long committed, long stable, long end) {
        return view(CommitView.of(committed), LogEnds.of(0, stable, end));
    }

    /** The same without an open transaction. */
    static PartitionView at(long committed, long end) {
        return at(committed, end, end);
    }

    static PartitionView view(CommitView commit, LogEnds ends) {
        return new PartitionView(ledBy(0), ends, commit, Sight.SEEN);
    }

    static PartitionView ledBy(int leader, PartitionView view) {
        return new PartitionView(ledBy(leader), view.ends(), view.commit(), view.sight());
    }

    private static Replicas ledBy(int leader) {
        return new Replicas(OptionalInt.of(leader), List.of(leader), List.of(leader), List.of(leader));
    }

    static MemberView member(String id, TopicPartition... owned) {
        return new MemberView(id, id, "/10.0.0.1", OptionalInt.empty(), Set.of(owned), Optional.empty());
    }

    static MemberView member(String id, int epoch, Set<TopicPartition> owned, Set<TopicPartition> target) {
        return new MemberView(id, id, "/10.0.0.1", OptionalInt.of(epoch), owned, Optional.of(target));
    }

    static GroupView stable(MemberView... members) {
        return view(Phase.STABLE, "Stable", members);
    }

    static GroupView view(Phase phase, String state, MemberView... members) {
        return new GroupView(
                "g", phase, state, "classic", OptionalInt.of(0), OptionalInt.empty(), List.of(members), false);
    }

    /** A group that nobody has ever joined: it has commits only. */
    static GroupView simple() {
        return new GroupView(
                "g", Phase.EMPTY, "Empty", "classic", OptionalInt.of(0), OptionalInt.empty(), List.of(), true);
    }

    static GroupView view(Phase phase, String state, int epoch, MemberView... members) {
        return new GroupView(
                "g", phase, state, "consumer", OptionalInt.of(0), OptionalInt.of(epoch), List.of(members), false);
    }

    /** A transaction of a producer that its coordinator knows, which began so many seconds ago. */
    static OpenTransaction transaction(long startedSecondsAgo, long timeoutSeconds, OpenTransaction.Hanging hanging) {
        boolean known = hanging == OpenTransaction.Hanging.NO;
        return new OpenTransaction(
                7,
                1,
                50,
                NOW_MS - startedSecondsAgo * 1_000,
                known ? Optional.of("payer") : Optional.empty(),
                known ? "Ongoing" : "",
                known ? OptionalLong.of(NOW_MS - startedSecondsAgo * 1_000) : OptionalLong.empty(),
                known ? OptionalLong.of(timeoutSeconds * 1_000) : OptionalLong.empty(),
                known ? Optional.of(startedSecondsAgo > timeoutSeconds + 10) : Optional.empty(),
                0,
                hanging,
                Optional.empty());
    }

    static TopicPartition[] partitions(int count) {
        return IntStream.range(0, count).mapToObj(Story::partition).toArray(TopicPartition[]::new);
    }
}
