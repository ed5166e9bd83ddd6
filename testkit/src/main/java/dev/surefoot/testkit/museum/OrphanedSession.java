package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchSession;

/**
 * Exhibit F32, as in Apache Kafka: a broker that has nothing left to fetch from is sent nothing any more, not even that
 * its partitions are to be forgotten. Its session takes up a slot until the broker needs it.
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
