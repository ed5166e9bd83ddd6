package dev.surefoot.core.group;

import static dev.surefoot.core.group.TracedMember.SECOND;

import dev.surefoot.core.exchange.Readiness;

/** What connections and coordinators do to a member of either protocol. */
final class ConnectionInputs {
    private ConnectionInputs() {}

    static void addTo(GoldenTable<TracedMember> table) {
        table.input("connections are being made", m -> {
            m.readiness = new Readiness.NotYet(Readiness.Cause.CONNECTING, Long.MAX_VALUE);
            m.pass(4 * SECOND);
        });
        table.input("the transport refuses", m -> {
            m.refusesRequests = true;
            m.pass(4 * SECOND);
            m.refusesRequests = false;
            m.turn();
        });
        table.input("a session without answers", m -> m.pass(11 * SECOND));
        table.input("the coordinator moves twice", m -> {
            for (int moves = 0; moves < 2; moves++) {
                Coordinator.Instance known = m.coordinator.instance();
                if (known != null) {
                    m.coordinator.forget(known, "moved");
                }
                m.turn();
                m.passToDeadline();
                m.findCoordinator();
            }
        });
    }
}
