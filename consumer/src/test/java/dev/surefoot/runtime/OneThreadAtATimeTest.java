package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ConcurrentModificationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class OneThreadAtATimeTest {
    private final OneThreadAtATime access = new OneThreadAtATime();

    private void onAnotherThread(Runnable call) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        new Thread(
                        () -> {
                            try {
                                call.run();
                                done.complete(null);
                            } catch (RuntimeException e) {
                                done.completeExceptionally(e);
                            }
                        },
                        "another")
                .start();
        done.join();
    }

    private void enterAndLeave() {
        access.enter();
        access.leave();
    }

    @Test
    void aSecondThreadIsRefusedWhileOneIsInside() {
        access.enter();

        assertThatThrownBy(() -> onAnotherThread(access::enter))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(ConcurrentModificationException.class)
                .hasMessageContaining("KafkaConsumer is not safe for multi-threaded access")
                .hasMessageContaining("currentThread(name: another")
                .hasMessageContaining(
                        "otherThread(name: " + Thread.currentThread().getName());
        assertThatThrownBy(() -> onAnotherThread(access::enterEvenIfClosed))
                .hasCauseInstanceOf(ConcurrentModificationException.class);
        access.leave();
        onAnotherThread(this::enterAndLeave);
    }

    @Test
    void theSameThreadMayEnterAgainAndLetsOthersInWithItsLastLeave() {
        access.enter();
        access.enter();
        access.leave();
        assertThatThrownBy(() -> onAnotherThread(access::enter))
                .hasCauseInstanceOf(ConcurrentModificationException.class);

        access.leave();

        onAnotherThread(this::enterAndLeave);
    }

    @Test
    void aRefusedThreadDoesNotDisturbTheOneInside() {
        access.enter();
        assertThatThrownBy(() -> onAnotherThread(access::enter)).isNotNull();
        assertThatThrownBy(() -> onAnotherThread(access::enter)).isNotNull();

        access.leave();

        onAnotherThread(this::enterAndLeave);
    }

    @Test
    void whileAConsumerClosesItsThreadMayCallIt() {
        access.enterEvenIfClosed();
        assertThat(access.beginClosing()).isTrue();
        enterAndLeave();
        assertThat(access.beginClosing()).isFalse();
        assertThatThrownBy(() -> onAnotherThread(access::enter))
                .hasCauseInstanceOf(ConcurrentModificationException.class);
        access.leave();
    }

    @Test
    void aClosedConsumerLetsOnlyThoseInWhoClose() {
        access.enterEvenIfClosed();
        assertThat(access.beginClosing()).isTrue();
        access.close();
        access.leave();

        assertThatIllegalStateException()
                .isThrownBy(access::enter)
                .withMessage("This consumer has already been closed.");
        onAnotherThread(() -> {
            access.enterEvenIfClosed();
            assertThat(access.beginClosing()).isFalse();
            access.leave();
        });
        assertThatThrownBy(() -> onAnotherThread(access::enter)).hasCauseInstanceOf(IllegalStateException.class);
    }
}
