package dev.surefoot.core.group;

import dev.surefoot.core.handover.GroupNotice;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** What a part of the group wants done elsewhere; applied in order once its method has returned. */
public sealed interface GroupEffect {
    /** Handles an effect of each kind. */
    interface Visitor {
        void notify(Notify effect);

        void supersede(Supersede effect);

        void hold(Hold effect);

        void refreshMetadata(RefreshMetadata effect);

        void raise(Raise effect);

        void report(Report effect);
    }

    /** Calls the one method of {@code visitor} that is for this kind. */
    void accept(Visitor visitor);

    /** The application is to be told. */
    record Notify(GroupNotice notice) implements GroupEffect {
        @Override
        public void accept(Visitor visitor) {
            visitor.notify(this);
        }
    }

    /**
     * Membership was lost while a notice with the same token waits for the application: if it has not taken that one
     * yet, it is to take this one instead.
     */
    record Supersede(GroupNotice.Revoked notice) implements GroupEffect {
        @Override
        public void accept(Visitor visitor) {
            visitor.supersede(this);
        }
    }

    /**
     * No fetch may name these partitions any more, and answers under way bring nothing for them: they are about to be
     * revoked or are lost. The application's answer to the notice takes them out of the assignment.
     */
    record Hold(Set<TopicPartition> partitions) implements GroupEffect {
        @Override
        public void accept(Visitor visitor) {
            visitor.hold(this);
        }
    }

    /** Metadata is missing or may be old: topics of interest are unknown, or the coordinator names unknown ids. */
    record RefreshMetadata() implements GroupEffect {
        @Override
        public void accept(Visitor visitor) {
            visitor.refreshMetadata(this);
        }
    }

    /** The application's next poll throws this. */
    record Raise(KafkaException cause) implements GroupEffect {
        @Override
        public void accept(Visitor visitor) {
            visitor.raise(this);
        }
    }

    /** Something happened that the log or a metric tells. */
    record Report(GroupEvent event) implements GroupEffect {
        @Override
        public void accept(Visitor visitor) {
            visitor.report(this);
        }
    }
}
