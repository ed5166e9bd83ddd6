package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchSession;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Exhibit A9, as in Apache Kafka: closing sends a request that ends session 0, which never existed. */
final class UselessClose extends FlawedSession {
    private boolean closed;

    UselessClose(FetchSession sound) {
        super(sound);
    }

    @Override
    public @Nullable FetchPlan close() {
        FetchPlan plan = super.close();
        if (closed || plan != null) {
            closed = true;
            return plan;
        }
        closed = true;
        return new FetchPlan(Kind.CLOSE, FetchPlan.NO_SESSION, FetchPlan.FINAL_EPOCH, false, Map.of(), List.of(), true);
    }
}
