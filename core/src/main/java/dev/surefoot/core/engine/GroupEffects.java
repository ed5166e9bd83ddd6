package dev.surefoot.core.engine;

import dev.surefoot.core.group.GroupEffect;
import dev.surefoot.core.group.GroupEvent;
import dev.surefoot.core.group.GroupWatch;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.position.Hold;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.TrackedPartition;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Applies what the parts of a group want done elsewhere. Owned by the loop's thread. */
final class GroupEffects {
    private final Positions positions;
    private final Effects effects;
    private final Runnable refresh;
    private final KnownBrokers brokers;
    private final GroupWatch watch;
    private final Consumer<EngineEvent> events;

    GroupEffects(
            Positions positions,
            Effects effects,
            Runnable refresh,
            KnownBrokers brokers,
            GroupWatch watch,
            Consumer<EngineEvent> events) {
        this.positions = positions;
        this.effects = effects;
        this.refresh = refresh;
        this.brokers = brokers;
        this.watch = watch;
        this.events = events;
    }

    void apply(GroupEffect effect, long nowNanos) {
        effect.accept(new Application(nowNanos));
    }

    private final class Application implements GroupEffect.Visitor {
        private final long nowNanos;

        Application(long nowNanos) {
            this.nowNanos = nowNanos;
        }

        @Override
        public void notify(GroupEffect.Notify effect) {
            if (effect.notice() instanceof GroupNotice.CommitSettled settled) {
                watch.commitSettled(settled.failure(), nowNanos);
            }
            events.accept(new EngineEvent.Noticed(effect.notice()));
        }

        @Override
        public void supersede(GroupEffect.Supersede effect) {
            events.accept(new EngineEvent.NoticeSuperseded(effect.notice()));
        }

        @Override
        public void hold(GroupEffect.Hold effect) {
            for (TopicPartition name : effect.partitions()) {
                TrackedPartition partition = positions.get(name);
                if (partition != null) {
                    positions.hold(partition, Hold.REVOKED);
                    effects.route(partition, nowNanos);
                }
            }
        }

        @Override
        public void refreshMetadata(GroupEffect.RefreshMetadata effect) {
            refresh.run();
        }

        @Override
        public void raise(GroupEffect.Raise effect) {
            watch.raised(effect.cause());
            events.accept(new EngineEvent.Raised(effect.cause()));
        }

        @Override
        public void report(GroupEffect.Report effect) {
            if (effect.event() instanceof GroupEvent.CoordinatorFound found) {
                brokers.coordinatorFound(found.coordinator());
            }
            effect.event().accept(watch);
            events.accept(new EngineEvent.GroupReported(effect.event()));
        }
    }
}
