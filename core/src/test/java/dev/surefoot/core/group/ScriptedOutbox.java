package dev.surefoot.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.errors.DisconnectException;

/** An outbox that keeps what is sent until the test answers it. */
final class ScriptedOutbox implements Outbox {
    private record UnderWay<A extends Answer>(Request<A> request, Reply<A> reply) {
        void answer(Answer answer, long nowNanos) {
            reply.answered(request.answerType().cast(answer), nowNanos);
        }
    }

    /** Every request that was sent, in order. */
    final List<Request<?>> sent = new ArrayList<>();

    /** Brokers that no connection reaches. */
    final Set<Integer> unreachable = new HashSet<>();
    /** Why they are not reached. */
    RequestFailure unreachableBy = disconnected();
    /** Whether connections are still being established. */
    boolean connecting;

    /** The connections that were given up; a test has to fail what was under way on them. */
    final List<String> givenUp = new ArrayList<>();

    private final List<UnderWay<?>> underWay = new ArrayList<>();

    static RequestFailure disconnected() {
        return new RequestFailure(RequestFailure.Kind.DISCONNECTED, new DisconnectException("the broker went away"));
    }

    @Override
    public List<Integer> bootstrapIds() {
        return List.of(-1);
    }

    @Override
    public Readiness readiness(int nodeId, Purpose purpose) {
        if (unreachable.contains(nodeId)) {
            return new Readiness.Failed(unreachableBy);
        }
        return connecting
                ? new Readiness.NotYet(Readiness.Cause.CONNECTING, Long.MAX_VALUE)
                : new Readiness.Ready(true, true);
    }

    @Override
    public void reconnect(int nodeId, Purpose purpose) {
        givenUp.add(nodeId + " " + purpose);
    }

    @Override
    public <A extends Answer> boolean send(Request<A> request, Reply<A> reply) {
        sent.add(request);
        underWay.add(new UnderWay<>(request, reply));
        return true;
    }

    boolean isUnderWay(Class<? extends Request<?>> kind) {
        return underWay.stream().anyMatch(each -> kind.isInstance(each.request()));
    }

    /** The only request of this kind without an outcome. */
    <R extends Request<?>> R underWay(Class<R> kind) {
        List<UnderWay<?>> found = underWay.stream()
                .filter(each -> kind.isInstance(each.request()))
                .toList();
        assertThat(found).as("%s under way", kind.getSimpleName()).hasSize(1);
        return kind.cast(found.get(0).request());
    }

    void answer(Class<? extends Request<?>> kind, Answer answer, long nowNanos) {
        take(kind).answer(answer, nowNanos);
    }

    void fail(Class<? extends Request<?>> kind, RequestFailure failure, long nowNanos) {
        take(kind).reply().failed(failure, nowNanos);
    }

    private UnderWay<?> take(Class<? extends Request<?>> kind) {
        Request<?> request = underWay(kind);
        UnderWay<?> found = underWay.stream()
                .filter(each -> each.request() == request)
                .findFirst()
                .orElseThrow();
        underWay.remove(found);
        return found;
    }

    <R extends Request<?>> List<R> sent(Class<R> kind) {
        return sent.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
