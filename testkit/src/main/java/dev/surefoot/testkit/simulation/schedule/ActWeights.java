package dev.surefoot.testkit.simulation.schedule;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** How often each act is drawn, in proportion to the others; 0 switches it off. Immutable. */
public final class ActWeights {
    private static final int USUAL = 10;

    private final Map<Act, Integer> weights;
    private final Act[] acts = Act.values();
    private final int[] upTo = new int[acts.length];

    private ActWeights(Map<Act, Integer> weights) {
        this.weights = weights;
        int sum = 0;
        for (int i = 0; i < acts.length; i++) {
            sum += weightOf(acts[i]);
            upTo[i] = sum;
        }
        if (sum == 0) {
            throw new IllegalArgumentException("every act is switched off; leave at least one on");
        }
    }

    /** Returns the weights of a usual campaign: nearly equal, writing more often, closing less. */
    public static ActWeights usual() {
        Map<Act, Integer> weights = new EnumMap<>(Act.class);
        weights.put(Act.WRITTEN, 30);
        weights.put(Act.TRANSACTION_COMMITTED, 20);
        weights.put(Act.TRANSACTION_ABORTED, 20);
        weights.put(Act.WRITTEN_IN_TRANSACTION, 20);
        weights.put(Act.LOW_BATCHES, 20);
        weights.put(Act.PARTITION_MISSING, 20);
        weights.put(Act.CLOSE, 3);
        weights.put(Act.NO_POLL, 5);
        weights.put(Act.PROCESS_STALL, 5);
        return new ActWeights(weights);
    }

    /** Returns the weights of a campaign of groups: mostly their own acts, and those of the cluster around them. */
    public static ActWeights ofGroups() {
        Map<Act, Integer> weights = new EnumMap<>(Act.class);
        for (Act act : Act.values()) {
            weights.put(
                    act,
                    switch (act.kind()) {
                        case BROKER_BUG, APPLICATION -> 0;
                        case WIRE -> 3;
                        case CLUSTER, LOG, CLOCK -> 0;
                        case MEMBER, COORDINATOR -> USUAL;
                    });
        }
        for (Act act : List.of(
                Act.BROKER_CRASH,
                Act.LEADER_MOVED,
                Act.REPLICAS_MOVED,
                Act.METADATA_STALE,
                Act.PARTITION_FAILS,
                Act.SESSION_EVICTED,
                Act.NO_SESSION_SLOT,
                Act.TRANSACTION_ABORTED,
                Act.HIGH_WATERMARK_HELD,
                Act.TOPIC_RECREATED)) {
            weights.put(act, 4);
        }
        weights.put(Act.COMMITS_DENSE, 5);
        // Most find no open transaction.
        weights.put(Act.TRANSACTION_COMMITTED, 3 * USUAL);
        weights.put(Act.WRITTEN_IN_TRANSACTION, USUAL);
        weights.put(Act.PARTITION_ADDED, USUAL);
        weights.put(Act.WRITTEN, 6 * USUAL);
        weights.put(Act.MEMBER_STARTED, 5 * USUAL);
        weights.put(Act.MEMBER_CLOSED, 2 * USUAL);
        return new ActWeights(weights);
    }

    /**
     * Returns these weights with another one for one act.
     *
     * @throws IllegalArgumentException if the weight is negative
     */
    public ActWeights with(Act act, int weight) {
        if (weight < 0) {
            throw new IllegalArgumentException("the weight of " + act + " must be 0 or more, got " + weight);
        }
        Map<Act, Integer> changed = new EnumMap<>(Act.class);
        changed.putAll(weights);
        changed.put(act, weight);
        return new ActWeights(changed);
    }

    /** The weight of an act, 0 or more. */
    public int weightOf(Act act) {
        return weights.getOrDefault(act, act.kind().isOfGroups() ? 0 : USUAL);
    }

    Act draw(SplittableRandom random) {
        int drawn = random.nextInt(upTo[upTo.length - 1]);
        int index = 0;
        while (upTo[index] <= drawn) {
            index++;
        }
        return acts[index];
    }
}
