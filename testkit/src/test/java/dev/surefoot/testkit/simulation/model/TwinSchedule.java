package dev.surefoot.testkit.simulation.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.testkit.Await;
import dev.surefoot.wire.FetchSettings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;

/** A random course of requests and changes, put to a real broker and to the model, whose answers have to agree. */
final class TwinSchedule {
    private static final int REMEMBERED_NOTES = 24;
    /** How long a request waits that both sides are to hold back. */
    private static final int WAIT_MS = 8;
    /**
     * How long a request may wait that neither side holds back: longer than {@link BrokerSocket} waits for an answer.
     */
    private static final int NO_WAIT_MS = 600_000;
    /** How long a request waits while something else happens, unless that must end its wait. */
    private static final int MEANWHILE_MS = 300;
    /** A broker's timer counts whole milliseconds. */
    private static final int TIMER_TOLERANCE_MS = 2;

    private static final short BY_NAME = 12;
    private static final long[] PRODUCERS = {1001, 1002, 1003};

    private final SplittableRandom random;
    private final Twins twins;
    private final RandomFetches fetches;
    private final TwinQuestions questions;
    private final String prefix;
    private final Deque<String> lately = new ArrayDeque<>();
    private long nowNanos;

    TwinSchedule(RealBroker real, long seed) {
        this.random = new SplittableRandom(seed);
        this.twins = new Twins(real, random.split());
        this.fetches = new RandomFetches(random.split(), twins);
        this.questions = new TwinQuestions(random.split(), twins);
        this.prefix = "t" + Long.toHexString(seed) + "-" + Long.toHexString(System.nanoTime()) + "-";
        create("a", 3);
        create("b", 2);
        create("c", 1);
    }

    /** Runs so many steps, with a restart of the broker after every so many of them (0 for none). */
    void run(int steps, int restartEvery) {
        int step = 0;
        try {
            for (; step < steps; step++) {
                if (restartEvery > 0 && step % restartEvery == restartEvery - 1) {
                    note("restart");
                    twins.restart();
                }
                step();
            }
            closeSessions();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "step " + step + ": " + e.getMessage() + "\nbefore it:\n" + String.join("\n", lately), e);
        }
    }

    /** Leaves the real broker's slots to the next schedule. */
    private void closeSessions() {
        for (BrokerSession session : List.copyOf(twins.broker().sessions().all())) {
            fetch(RandomFetches.closing(session), fetches.terms());
        }
    }

    private void step() {
        nowNanos += 1_000_000;
        int draw = random.nextInt(1000);
        if (draw < 640) {
            fetch(fetches.plan(), fetches.terms());
        } else if (draw < 650) {
            fetchThatIsWoken();
        } else if (draw < 655) {
            fetchThatIsOvertaken();
        } else if (draw < 890) {
            append(-1);
        } else if (draw < 990) {
            changePartition();
        } else {
            changeTopics();
        }
        if (fetches.chance(8)) {
            questions.ask();
        }
    }

    // Changes.

    private void changePartition() {
        int draw = random.nextInt(100);
        TopicPartition name = anyPartition();
        long producer = PRODUCERS[random.nextInt(PRODUCERS.length)];
        if (draw < 45) {
            append(producer);
        } else if (draw < 80) {
            List<Long> open = twins.partition(name).log().openProducers();
            long ending = open.isEmpty() ? producer : open.get(random.nextInt(open.size()));
            boolean commit = random.nextBoolean();
            note((commit ? "commit " : "abort ") + ending + " in " + name);
            twins.endTransaction(name, ending, commit);
        } else {
            PartitionLog log = twins.partition(name).log();
            long offset = random.nextLong(log.startOffset(), log.endOffset() + 1);
            note("delete " + name + " before " + offset);
            twins.deleteBefore(name, offset);
        }
    }

    private void append(long producer) {
        appendToModel(producer).run();
    }

    private Runnable appendToModel(long producer) {
        TopicPartition name = anyPartition();
        int records = random.nextInt(1, 5);
        int payload = random.nextInt(8, 200);
        note("append " + records + " to " + name + (producer < 0 ? "" : " by " + producer));
        return twins.appendToModel(name, records, payload, producer);
    }

    private void changeTopics() {
        List<ModelTopic> topics = List.copyOf(twins.model().topics());
        ModelTopic topic = topics.get(random.nextInt(topics.size()));
        if (fetches.chance(30)) {
            note("add a partition to " + topic.name());
            twins.addPartition(topic);
        } else if (topics.size() < 3) {
            create(twins.model().topic(prefix + "b") == null ? "b" : "c", 2);
        } else {
            String victim = prefix + (random.nextBoolean() ? "b" : "c");
            delete(victim).run();
            if (random.nextBoolean()) {
                create(victim.substring(prefix.length()), random.nextInt(1, 3));
            }
        }
    }

    private void create(String shortName, int partitions) {
        note("create " + prefix + shortName + " of " + partitions);
        twins.create(prefix + shortName, partitions);
        ModelTopic topic = twins.model().topic(prefix + shortName);
        assertThat(topic).isNotNull();
        fetches.created(topic);
    }

    private TopicPartition anyPartition() {
        List<TopicPartition> names = new ArrayList<>();
        twins.model().topics().forEach(topic -> topic.partitions().forEach(partition -> names.add(partition.name())));
        return names.get(random.nextInt(names.size()));
    }

    // Fetches.

    private void fetch(FetchPlan plan, FetchTerms terms) {
        short version = version(plan);
        note(describe(plan, terms, version));
        FetchUnderWay underWay = accept(plan, terms, version);
        FetchAnswer expected = underWay.answer(false, nowNanos);
        boolean held = expected == null;
        if (held) {
            expected = underWay.answer(true, nowNanos);
        }
        int waitMs = held ? WAIT_MS : NO_WAIT_MS;
        long sentNanos = System.nanoTime();
        send(twins.real().fetches(), plan, terms, version, waitMs);
        compare(plan, expected, twins.real().fetches().receiveFetch(version));
        requireHeld(held, sentNanos, waitMs);
    }

    private static void requireHeld(boolean held, long sentNanos, int waitMs) {
        if (held) {
            assertThat((System.nanoTime() - sentNanos) / 1_000_000)
                    .as("ms until an answer that the model holds back for %s", waitMs)
                    .isGreaterThanOrEqualTo(waitMs - TIMER_TOLERANCE_MS);
        }
    }

    /** While a fetch waits, something is written, which may or may not be what it waits for, or a topic is deleted. */
    private void fetchThatIsWoken() {
        FetchPlan plan = RandomFetches.patient(fetches.plan());
        FetchTerms terms = fetches.terms();
        short version = version(plan);
        FetchUnderWay underWay = accept(plan, terms, version);
        FetchAnswer expected = underWay.answer(false, nowNanos);
        note("to be woken: " + describe(plan, terms, version) + (expected == null ? "" : " (but is not held)"));
        if (expected != null) {
            send(twins.real().fetches(), plan, terms, version, NO_WAIT_MS);
            compare(plan, expected, twins.real().fetches().receiveFetch(version));
            return;
        }
        String topic = fetches.chance(50) ? deletable(plan) : null;
        Runnable change = topic == null ? appendToModel(random.nextBoolean() ? -1 : PRODUCERS[0]) : delete(topic);
        expected = underWay.answer(false, nowNanos);
        boolean held = expected == null;
        if (held) {
            expected = underWay.answer(true, nowNanos);
        }
        int waitMs = held ? MEANWHILE_MS : NO_WAIT_MS;
        int heldBefore = twins.real().heldFetches();
        long sentNanos = System.nanoTime();
        send(twins.real().fetches(), plan, terms, version, waitMs);
        awaitHeld(heldBefore);
        change.run();
        compare(plan, expected, twins.real().fetches().receiveFetch(version));
        requireHeld(held, sentNanos, waitMs);
    }

    private Runnable delete(String topic) {
        note("delete " + topic);
        return twins.deleteFromModel(topic);
    }

    /** A topic that may be deleted and that a waiting fetch is waiting for, or null. */
    private String deletable(FetchPlan plan) {
        BrokerSession session = plan.epoch() > 0 ? twins.broker().sessions().get(plan.sessionId()) : null;
        Set<TopicIdPartition> wanted =
                session == null ? plan.partitions().keySet() : session.held().keySet();
        return wanted.stream()
                .filter(key -> twins.model().partition(key.topicPartition()) != null
                        && !key.topic().endsWith("-a"))
                .map(TopicIdPartition::topic)
                .findFirst()
                .orElse(null);
    }

    private void awaitHeld(int heldBefore) {
        Await.until(
                "the fetch is held", Duration.ofSeconds(5), () -> twins.real().heldFetches() > heldBefore);
    }

    /** While a fetch waits, another one of the same session is accepted. */
    private void fetchThatIsOvertaken() {
        List<BrokerSession> live = List.copyOf(twins.broker().sessions().all());
        if (live.isEmpty()) {
            return;
        }
        BrokerSession session = live.get(random.nextInt(live.size()));
        FetchPlan plan = RandomFetches.patient(fetches.inOrder(session));
        FetchTerms terms = fetches.terms();
        short version = version(plan);
        FetchUnderWay underWay = accept(plan, terms, version);
        FetchAnswer expected = underWay.answer(false, nowNanos);
        note("to be overtaken: " + describe(plan, terms, version) + (expected == null ? "" : " (but is not held)"));
        int heldBefore = twins.real().heldFetches();
        send(twins.real().fetches(), plan, terms, version, expected == null ? MEANWHILE_MS : NO_WAIT_MS);
        if (expected == null) {
            awaitHeld(heldBefore);
            overtake(session);
            expected = underWay.answer(true, nowNanos);
        }
        compare(plan, expected, twins.real().fetches().receiveFetch(version));
    }

    private void overtake(BrokerSession session) {
        FetchPlan plan = fetches.overtaking(session);
        FetchTerms terms = fetches.terms();
        short version = version(plan);
        note("overtaking: " + describe(plan, terms, version));
        FetchAnswer expected = accept(plan, terms, version).answer(true, nowNanos);
        send(twins.real().moreFetches(), plan, terms, version, 0);
        compare(plan, expected, twins.real().moreFetches().receiveFetch(version));
    }

    private FetchUnderWay accept(FetchPlan plan, FetchTerms terms, short version) {
        twins.broker().nameNewLeaders(version >= 16);
        return twins.broker().fetch(plan, terms, nowNanos);
    }

    private void send(BrokerSocket socket, FetchPlan plan, FetchTerms terms, short version, int waitMs) {
        FetchSettings settings = new FetchSettings(waitMs, 1, terms.readCommitted(), "");
        socket.sendFetch(twins.forReal(plan), terms.maxBytes(), settings, version);
    }

    private void compare(FetchPlan plan, FetchAnswer expected, FetchAnswer actual) {
        if (plan.epoch() == FetchPlan.INITIAL_EPOCH) {
            twins.opened(expected, actual);
        }
        String real = twins.textOfReal(actual);
        String model = twins.text(expected);
        note("=> " + real);
        if (!real.equals(model)) {
            throw new AssertionError("the broker answered\n" + real + "\nbut the model\n" + model);
        }
        if (plan.epoch() == FetchPlan.INITIAL_EPOCH && expected.sessionId() > 0) {
            fetches.opened(expected.sessionId());
        }
    }

    private short version(FetchPlan plan) {
        return plan.byTopicId() ? (short) random.nextInt(13, 19) : BY_NAME;
    }

    private static String describe(FetchPlan plan, FetchTerms terms, short version) {
        StringBuilder text = new StringBuilder("fetch v" + version + " (" + plan.sessionId() + ", " + plan.epoch() + ")"
                + (plan.immediate() ? " immediate " : " ") + terms);
        plan.partitions()
                .forEach((key, target) ->
                        text.append("\n  ").append(key).append(' ').append(target));
        plan.forgotten().forEach(key -> text.append("\n  forget ").append(key));
        return text.toString();
    }

    private void note(String what) {
        lately.addLast(what);
        if (lately.size() > REMEMBERED_NOTES) {
            lately.removeFirst();
        }
    }
}
