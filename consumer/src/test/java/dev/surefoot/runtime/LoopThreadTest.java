package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.Question;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;

@Timeout(60)
class LoopThreadTest {

    /** When the heap has run out, whatever takes memory may fail again, the log included. */
    @Test
    void theApplicationLearnsOfTheLoopsEndThoughItCannotBeLogged() throws Exception {
        LoopWorld world = new LoopWorld();
        Logger log = (Logger)
                Proxy.newProxyInstance(Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (p, m, a) -> {
                    throw new OutOfMemoryError("the log needs memory too");
                });
        LoopThread thread = new LoopThread(world.loop, "test", log);
        Loop.PendingQuestion pending = world.loop.ask(id -> new Question.Topics(id, Set.of("t"), true));
        OutOfMemoryError cause = new OutOfMemoryError("on purpose");
        world.loop.submit((engine, nowNanos) -> {
            throw cause;
        });
        thread.start();
        assertThat(pending.answer().handle((answer, failure) -> failure).get(30, TimeUnit.SECONDS))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("make a new one")
                .hasCause(cause);
        assertThat(thread.death()).isNotNull().hasCause(cause);
        thread.close(TimeUnit.SECONDS.toNanos(30));
        assertThat(world.transport.closed)
                .as("connections are closed all the same")
                .isTrue();
    }
}
