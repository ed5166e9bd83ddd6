package dev.surefoot.testkit.museum;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.testkit.exchange.ChangedAnswers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;

/**
 * One broker with at most one session, which mostly keeps to the protocol and now and then, as the dice fall, does not.
 */
final class FickleBroker {
    private static final int END_OFFSET = 1_000;

    private final SplittableRandom dice;
    private final Map<TopicIdPartition, FetchTarget> cached = new LinkedHashMap<>();
    private int sessionId;
    private int epoch;
    private int granted;

    FickleBroker(SplittableRandom dice) {
        this.dice = dice;
    }

    FetchAnswer serve(FetchPlan plan) {
        if (plan.kind() == Kind.INCREMENTAL) {
            return lieAboutSession(plan, incremental(plan));
        }
        boolean named = plan.sessionId() == sessionId;
        sessionId = named ? FetchPlan.NO_SESSION : sessionId;
        if (oneIn(12)) {
            return OneSession.throttled(FetchPlan.NO_SESSION);
        }
        boolean opens = plan.kind() == Kind.FULL && !plan.partitions().isEmpty() && !oneIn(12);
        if (opens) {
            sessionId = ++granted;
            epoch = 1;
            cached.clear();
            cached.putAll(plan.partitions());
        }
        return OneSession.answer(opens ? sessionId : FetchPlan.NO_SESSION, read(plan.partitions(), true));
    }

    private FetchAnswer incremental(FetchPlan plan) {
        if (plan.sessionId() != sessionId || sessionId == FetchPlan.NO_SESSION || oneIn(25)) {
            return OneSession.refused(BrokerError.FETCH_SESSION_ID_NOT_FOUND);
        }
        if (plan.epoch() != epoch || oneIn(25)) {
            return OneSession.refused(BrokerError.INVALID_FETCH_SESSION_EPOCH);
        }
        epoch++;
        cached.putAll(plan.partitions());
        plan.forgotten().forEach(cached::remove);
        if (cached.isEmpty() || oneIn(40)) {
            sessionId = FetchPlan.NO_SESSION;
            return OneSession.answer(FetchPlan.NO_SESSION);
        }
        if (oneIn(12)) {
            return OneSession.throttled(sessionId);
        }
        Map<TopicIdPartition, FetchTarget> news = new LinkedHashMap<>(cached);
        news.keySet().removeIf(key -> !plan.partitions().containsKey(key) && dice.nextBoolean());
        return OneSession.answer(sessionId, read(news, false));
    }

    private FetchAnswer lieAboutSession(FetchPlan plan, FetchAnswer answer) {
        return answer.sessionId() > 0 && oneIn(25)
                ? ChangedAnswers.withSessionId(answer, plan.sessionId() + 100)
                : answer;
    }

    private PartitionAnswer[] read(Map<TopicIdPartition, FetchTarget> partitions, boolean full) {
        List<PartitionAnswer> read = new ArrayList<>();
        partitions.forEach((key, target) -> read.add(read(key, target)));
        if (!read.isEmpty() && oneIn(20)) {
            read.add(read.get(0));
        }
        if (!read.isEmpty() && full && oneIn(10)) {
            read.remove(0);
        }
        if (!read.isEmpty() && oneIn(20)) {
            TopicIdPartition known = partitions.keySet().iterator().next();
            TopicPartition unknown = new TopicPartition(known.topic(), 99);
            read.add(OneSession.marks(new TopicIdPartition(known.topicId(), unknown)));
        }
        return read.toArray(PartitionAnswer[]::new);
    }

    private PartitionAnswer read(TopicIdPartition key, FetchTarget target) {
        if (oneIn(15)) {
            return OneSession.error(key, BrokerError.NOT_LEADER_OR_FOLLOWER);
        }
        if (target.fetchOffset() > 0 && oneIn(15)) {
            return OneSession.record(key, target.fetchOffset() - 1);
        }
        return target.fetchOffset() < END_OFFSET && dice.nextBoolean()
                ? OneSession.record(key, target.fetchOffset())
                : OneSession.marks(key);
    }

    private boolean oneIn(int times) {
        return dice.nextInt(times) == 0;
    }
}
