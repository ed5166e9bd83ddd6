package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchSession;

/**
 * Exhibit F32, as in Apache Kafka: a broker with nothing left to fetch gets no request any more, not even one that
 * forgets its partitions. Its session takes up a slot until the broker evicts it.
 */
final class OrphanedSession extends FlawedSession {

    OrphanedSession(FetchSession sound) {
        super(sound);
    }

    @Override
    public boolean brokerHoldsAny() {
        return wantsAny() && super.brokerHoldsAny();
    }
}
