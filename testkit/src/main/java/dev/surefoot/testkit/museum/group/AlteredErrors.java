package dev.surefoot.testkit.museum.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.group.Heartbeat.HeartbeatResponse;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupResponse;
import dev.surefoot.testkit.exchange.ByClass;

/** Answers of the classic protocol with another error than the coordinator has given. */
final class AlteredErrors {
    /** Makes an answer with {@code taken} as its error of one with {@code given}. */
    private interface Altering {
        Answer altered(BrokerError given, BrokerError taken);
    }

    private static final ByClass<Answer, Altering> ALTERINGS = new ByClass<Answer, Altering>(
                    answer -> (given, taken) -> answer)
            .with(
                    HeartbeatResponse.class,
                    beat -> (given, taken) -> beat.error() == given
                            ? new HeartbeatResponse(beat.throttleTimeMs(), taken, taken.code())
                            : beat)
            .with(
                    SyncGroupResponse.class,
                    sync -> (given, taken) -> sync.error() == given
                            ? new SyncGroupResponse(sync.throttleTimeMs(), taken, taken.code(), sync.assignor(), null)
                            : sync)
            .with(
                    JoinGroupResponse.class,
                    join -> (given, taken) -> join.error() == given ? joined(join, taken) : join);

    private AlteredErrors() {}

    /** The answer with {@code taken} as its error if the coordinator has given {@code given}. */
    static Answer of(Answer answer, BrokerError given, BrokerError taken) {
        return ALTERINGS.of(answer).altered(given, taken);
    }

    private static JoinGroupResponse joined(JoinGroupResponse join, BrokerError taken) {
        return new JoinGroupResponse(
                join.throttleTimeMs(),
                taken,
                taken.code(),
                join.generation(),
                join.protocolType(),
                join.assignor(),
                join.leaderId(),
                join.memberId(),
                join.skipAssignment(),
                join.members());
    }
}
