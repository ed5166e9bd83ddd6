package dev.surefoot.cli.doctor;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;

/** Whether the user wants the command to end. Nothing waits any longer once it is asked for. Safe from any thread. */
final class Stop {

    private final CompletableFuture<Boolean> asked = new CompletableFuture<>();
    private final AtomicReference<Runnable> waking = new AtomicReference<>(() -> {});

    /** Thrown where an answer is not waited for any more. */
    static final class Asked extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Asked() {
            super("stopped");
        }
    }

    void ask() {
        asked.complete(true);
        waking.get().run();
    }

    /**
     * Sets what ends a wait that {@link #answerTo} does not know of, from another thread; replaces an earlier action.
     * If the end was already asked for, {@code action} runs at once.
     */
    void toWake(Runnable action) {
        waking.set(action);
        if (isAsked()) {
            action.run();
        }
    }

    boolean isAsked() {
        return asked.isDone();
    }

    /** Waits for so many milliseconds, or until the end is asked for. */
    void pause(long ms) {
        try {
            asked.get(ms, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ask();
        }
    }

    /** Waits for the answer to a question; the admin client lets each end within its timeout. */
    <T> Answer<T> answerTo(@Nullable KafkaFuture<T> question) {
        if (question == null) {
            return Answer.failed(new IllegalArgumentException("the admin client did not ask this"));
        }
        CompletableFuture<T> answer = question.toCompletionStage().toCompletableFuture();
        try {
            CompletableFuture.anyOf(asked, answer).get();
            if (!answer.isDone()) {
                throw new Asked();
            }
            return Answer.of(answer.get());
        } catch (ExecutionException e) {
            return Answer.failed(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ask();
            throw new Asked();
        }
    }
}
