package dev.surefoot.testkit.museum.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.group.Heartbeat.HeartbeatResponse;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupResponse;

/** Answers of the classic protocol with another error than the coordinator has given. */
final class AlteredErrors {
    private AlteredErrors() {}

    /** The answer with {@code taken} as its error if the coordinator has given {@code given}. */
    static Answer of(Answer answer, BrokerError given, BrokerError taken) {
        if (answer instanceof HeartbeatResponse beat && beat.error() == given) {
            return new HeartbeatResponse(beat.throttleTimeMs(), taken, taken.code());
        } else if (answer instanceof SyncGroupResponse sync && sync.error() == given) {
            return new SyncGroupResponse(sync.throttleTimeMs(), taken, taken.code(), sync.assignor(), null);
        } else if (answer instanceof JoinGroupResponse join && join.error() == given) {
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
        return answer;
    }
}
