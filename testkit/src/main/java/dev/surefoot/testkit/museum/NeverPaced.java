package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchSession;

/**
 * Exhibit A8, as in Apache Kafka: a refused session is opened again at once, however often that happens. A broker whose
 * cache is too small gets two requests for each answer.
 */
final class NeverPaced extends FlawedSession {

    NeverPaced(FetchSession sound) {
        super(sound);
    }

    @Override
    public long retryAtNanos() {
        return Long.MIN_VALUE;
    }
}
