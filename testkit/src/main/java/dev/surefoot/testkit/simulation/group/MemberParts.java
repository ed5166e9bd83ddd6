package dev.surefoot.testkit.simulation.group;

import dev.surefoot.core.group.Membership;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The parts of a member of a small group that others can take the place of.
 *
 * @param memberships receives the factory of shipped memberships and returns the one to use
 * @param applications makes the application's side of a member
 */
public record MemberParts(
        UnaryOperator<Membership.Factory> memberships, Function<SmallMember, SmallApplication> applications) {
    /** The shipped membership, and an application that does as the shipped one. */
    public static final MemberParts SOUND = new MemberParts(UnaryOperator.identity(), SmallApplication::new);

    /** A membership that may be flawed, and a sound application. */
    public static MemberParts membership(UnaryOperator<Membership.Factory> memberships) {
        return new MemberParts(memberships, SmallApplication::new);
    }

    /** The shipped membership, and an application that may be flawed. */
    public static MemberParts application(Function<SmallMember, SmallApplication> applications) {
        return new MemberParts(UnaryOperator.identity(), applications);
    }
}
