package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.MemberIdentity;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class NoticeQueueTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final NoticeQueue queue = new NoticeQueue();
    private final GroupNotice identified = new GroupNotice.Identified(MemberIdentity.none("g", null));

    private static GroupNotice.Revoked revoked(long token, GroupNotice.Loss loss) {
        return new GroupNotice.Revoked(token, Set.of(PARTITION), loss, false, false);
    }

    @Test
    void noticesAreTakenInTheirOrder() {
        GroupNotice revoked = revoked(1, GroupNotice.Loss.REVOKED);
        queue.add(revoked);
        queue.add(identified);
        assertThat(queue.take()).isSameAs(revoked);
        assertThat(queue.take()).isSameAs(identified);
        assertThat(queue.take()).isNull();
    }

    @Test
    void outcomesOfCommitsAreTakenApart() {
        GroupNotice.CommitSettled first = new GroupNotice.CommitSettled(1, null);
        GroupNotice.CommitSettled second = new GroupNotice.CommitSettled(2, null);
        queue.add(identified);
        queue.add(first);
        queue.add(second);
        assertThat(queue.takeSettled()).isSameAs(first);
        assertThat(queue.takeSettled()).isSameAs(second);
        assertThat(queue.takeSettled()).isNull();
        assertThat(queue.take()).isSameAs(identified);
    }

    @Test
    void aNoticeTakesThePlaceOfTheOneWithItsToken() {
        GroupNotice.Revoked lost = revoked(1, GroupNotice.Loss.LOST);
        queue.add(revoked(1, GroupNotice.Loss.REVOKED));
        queue.add(identified);
        queue.supersede(lost);
        assertThat(queue.take()).isSameAs(lost);
        assertThat(queue.take()).isSameAs(identified);
        assertThat(queue.take()).isNull();
    }

    @Test
    void aNoticeThatWasTakenIsNotReplaced() {
        queue.add(revoked(1, GroupNotice.Loss.REVOKED));
        queue.take();
        queue.supersede(revoked(1, GroupNotice.Loss.LOST));
        assertThat(queue.take()).isNull();
    }

    @Test
    void anotherTokenReplacesNothing() {
        GroupNotice.Revoked revoked = revoked(2, GroupNotice.Loss.REVOKED);
        queue.add(revoked);
        queue.supersede(revoked(1, GroupNotice.Loss.LOST));
        assertThat(queue.take()).isSameAs(revoked);
    }
}
