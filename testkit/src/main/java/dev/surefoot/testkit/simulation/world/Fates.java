package dev.surefoot.testkit.simulation.world;

import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.testkit.simulation.schedule.Act;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Which faults of the wire may strike a request, by the purpose of its connection. */
final class Fates {
    private static final Map<Purpose, Set<Act>> BY_PURPOSE = new EnumMap<>(Map.of(
            Purpose.FETCH,
            EnumSet.of(
                    Act.CUT_BEFORE_REQUEST,
                    Act.CUT_IN_REQUEST,
                    Act.CUT_AFTER_REQUEST,
                    Act.CUT_IN_RESPONSE,
                    Act.CUT_AFTER_RESPONSE,
                    Act.REQUEST_LOST,
                    Act.RESPONSE_LOST,
                    Act.RESPONSE_MALFORMED,
                    Act.REQUEST_DELAYED,
                    Act.RESPONSE_DELAYED),
            Purpose.CONTROL,
            EnumSet.of(Act.CONTROL_CUT, Act.CONTROL_DELAYED),
            Purpose.COORDINATOR,
            EnumSet.of(
                    Act.CONTROL_CUT,
                    Act.CONTROL_DELAYED,
                    Act.GROUP_REQUEST_LOST,
                    Act.GROUP_CUT_BEFORE,
                    Act.GROUP_CUT_AFTER)));

    private static final Set<Act> LOST_REQUEST = EnumSet.of(Act.REQUEST_LOST, Act.GROUP_REQUEST_LOST);
    private static final Set<Act> CUT_BEFORE =
            EnumSet.of(Act.CUT_BEFORE_REQUEST, Act.CUT_IN_REQUEST, Act.GROUP_CUT_BEFORE);
    private static final Set<Act> CUT_AFTER = EnumSet.of(Act.CUT_AFTER_REQUEST, Act.CONTROL_CUT, Act.GROUP_CUT_AFTER);

    private Fates() {}

    static Set<Act> of(Purpose purpose) {
        return BY_PURPOSE.getOrDefault(purpose, Set.of());
    }

    static boolean losesRequest(Act act) {
        return LOST_REQUEST.contains(act);
    }

    static boolean cutsBefore(Act act) {
        return CUT_BEFORE.contains(act);
    }

    static boolean cutsAfter(Act act) {
        return CUT_AFTER.contains(act);
    }
}
