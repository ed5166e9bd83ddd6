package dev.surefoot.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.session.FetchPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplacedSessionsTest {
    private static final FetchPlan CLOSE = closing(7);

    private final ReplacedSessions replaced = new ReplacedSessions(1);
    private final Wire wire = new Wire();

    /** Takes requests for as long as it is ready and does not refuse them. */
    private static final class Wire implements Outbox {
        private final List<Request<?>> sent = new ArrayList<>();
        private boolean ready = true;
        private boolean refuses;

        @Override
        public List<Integer> bootstrapIds() {
            return List.of();
        }

        @Override
        public Readiness readiness(int nodeId, Purpose purpose) {
            return ready && purpose == Purpose.CONTROL
                    ? new Readiness.Ready(true, true)
                    : new Readiness.NotYet(Readiness.Cause.CONNECTING, Long.MAX_VALUE);
        }

        @Override
        public void reconnect(int nodeId, Purpose purpose) {
            throw new AssertionError("nothing is given up");
        }

        @Override
        public <A extends Answer> boolean send(Request<A> request, Reply<A> reply) {
            if (!refuses) {
                sent.add(request);
            }
            return !refuses;
        }
    }

    private static FetchPlan closing(int sessionId) {
        return new FetchPlan(FetchPlan.Kind.CLOSE, sessionId, FetchPlan.FINAL_EPOCH, false, Map.of(), List.of(), true);
    }

    @Test
    void aSessionIsClosedOnce() {
        replaced.add(Map.of(1, CLOSE), 0);
        replaced.dispatch(wire, 0);
        replaced.dispatch(wire, 0);

        assertThat(plans(wire.sent)).containsExactly(CLOSE);
        assertThat(replaced.takeAll()).isEmpty();
    }

    @Test
    void itIsClosedLaterIfItCannotBeNow() {
        replaced.add(Map.of(1, CLOSE), 0);
        wire.ready = false;
        replaced.dispatch(wire, 0);
        wire.ready = true;
        wire.refuses = true;
        replaced.dispatch(wire, 1);
        assertThat(wire.sent).isEmpty();

        wire.refuses = false;
        replaced.dispatch(wire, 2);

        assertThat(plans(wire.sent)).containsExactly(CLOSE);
    }

    @Test
    void allThatWereReplacedAreClosedAlsoOfOneBroker() {
        wire.ready = false;
        replaced.add(Map.of(1, CLOSE), 0);
        replaced.dispatch(wire, 0);
        replaced.add(Map.of(1, closing(8)), 1);
        wire.ready = true;
        replaced.dispatch(wire, 1);

        assertThat(plans(wire.sent)).containsExactly(CLOSE, closing(8));
    }

    @Test
    void aBrokerThatTakesNothingIsNotTriedForEver() {
        replaced.add(Map.of(1, CLOSE), 5);
        wire.ready = false;
        replaced.dispatch(wire, 5 + ReplacedSessions.TRIED_NANOS);
        wire.ready = true;
        replaced.dispatch(wire, 5 + ReplacedSessions.TRIED_NANOS);

        assertThat(wire.sent).isEmpty();
    }

    @Test
    void whatWasNotSentIsHandedOverAtTheEnd() {
        replaced.add(Map.of(1, CLOSE), 0);
        wire.ready = false;
        replaced.dispatch(wire, 0);

        assertThat(plans(replaced.takeAll())).containsExactly(CLOSE);
        assertThat(replaced.takeAll()).isEmpty();
    }

    private static List<FetchPlan> plans(List<? extends Request<?>> requests) {
        return requests.stream().map(request -> ((FetchRequest) request).plan()).toList();
    }
}
