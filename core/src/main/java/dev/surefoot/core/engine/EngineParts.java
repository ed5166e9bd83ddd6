package dev.surefoot.core.engine;

import dev.surefoot.core.group.Membership;
import dev.surefoot.core.guard.ApplicationView;
import dev.surefoot.core.session.FetchSession;
import org.jspecify.annotations.Nullable;

/**
 * What an engine is given beside its settings.
 *
 * @param sessions creates the fetch session of each broker
 * @param memberships creates the membership of a consumer in a group
 * @param telemetry what the client tells its cluster about itself, or null for nothing
 * @param application what the application does
 */
public record EngineParts(
        FetchSession.Factory sessions,
        Membership.Factory memberships,
        @Nullable Telemetry telemetry,
        ApplicationView application) {

    /** The parts of an engine of which only the sessions are of interest. */
    public static EngineParts of(FetchSession.Factory sessions) {
        return new EngineParts(sessions, Membership.Factory.BY_PROTOCOL, null, ApplicationView.UNKNOWN);
    }
}
