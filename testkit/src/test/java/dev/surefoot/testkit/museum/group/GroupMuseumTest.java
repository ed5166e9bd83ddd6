package dev.surefoot.testkit.museum.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.simulation.group.GroupWalk;
import dev.surefoot.testkit.simulation.group.MemberParts;
import dev.surefoot.testkit.simulation.group.SmallGroupSettings;
import dev.surefoot.testkit.simulation.group.SmallGroupSettings.Kind;
import dev.surefoot.testkit.simulation.group.SmallGroupSettings.Start;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every known-bad part of a member is caught within a thousand walks, by the invariant that it breaks. */
class GroupMuseumTest {
    private static final long FIRST_SEED = Long.getLong("surefoot.seed", 1);
    private static final int WALKS_MOST = 1_000;
    private static final int SOUND_WALKS = Integer.getInteger("surefoot.members.walks", 500);

    private record Caught(long seed, GroupWalk walk) {}

    static List<GroupExhibit> exhibits() {
        return GroupExhibit.ALL;
    }

    private static Caught firstCaught(GroupExhibit exhibit, long firstSeed) {
        for (long seed = firstSeed; seed < firstSeed + WALKS_MOST; seed++) {
            GroupWalk walk = GroupWalk.of(exhibit.settings(), seed);
            if (walk.broken() != null) {
                return new Caught(seed, walk);
            }
        }
        throw new AssertionError(exhibit.id() + " was not caught by the seeds from " + firstSeed + " on");
    }

    @ParameterizedTest
    @MethodSource("exhibits")
    void isCaughtByTheRightInvariant(GroupExhibit exhibit) {
        Caught caught = firstCaught(exhibit, FIRST_SEED);

        assertThat(caught.walk().invariant())
                .as("seed %d: %s", caught.seed(), caught.walk().broken())
                .isEqualTo(exhibit.invariant());
    }

    @ParameterizedTest
    @MethodSource("exhibits")
    void itsStoryIsShortAndEndsWhereItBreaks(GroupExhibit exhibit) {
        Caught caught = firstCaught(exhibit, FIRST_SEED);

        GroupWalk shortest = caught.walk().shrunk(exhibit.settings(), caught.seed());

        assertThat(shortest.invariant()).isEqualTo(exhibit.invariant());
        assertThat(shortest.steps()).hasSizeLessThanOrEqualTo(60);
        assertThat(shortest.story(exhibit.settings(), caught.seed()))
                .last()
                .asString()
                .contains("!! " + exhibit.invariant());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void soundMembersAreNotCaught(Kind kind) {
        requireUncaught(SmallGroupSettings.of(kind, Start.ONE).withRecordsMax(8));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void soundStaticMembersAreNotCaught(Kind kind) {
        requireUncaught(SmallGroupSettings.of(kind, Start.ONE).withRecordsMax(8).withInstanceIds(false));
    }

    @Test
    void aTopicMayBeDeletedWhileAStaticLeaderIsOut() {
        SmallGroupSettings eager =
                SmallGroupSettings.of(Kind.EAGER, Start.ONE).withRecordsMax(8).withInstanceIds(false);

        for (long seed : new long[] {600_417, 600_843, 600_885}) {
            assertThat(GroupWalk.of(eager, seed).broken()).as("seed %d", seed).isNull();
        }
    }

    private static void requireUncaught(SmallGroupSettings sound) {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SOUND_WALKS; seed++) {
            GroupWalk walk = GroupWalk.of(sound, seed);
            assertThat(walk.broken())
                    .as("%s, seed %d: %s", sound.kind(), seed, walk.steps())
                    .isNull();
        }
    }

    @Test
    void idsAndTitlesAreUnlikeEachOtherAndSourcesAreLinks() {
        assertThat(GroupExhibit.ALL).extracting(GroupExhibit::id).doesNotHaveDuplicates();
        assertThat(GroupExhibit.ALL).extracting(GroupExhibit::title).doesNotHaveDuplicates();
        assertThat(GroupExhibit.ALL).hasSizeGreaterThanOrEqualTo(12).allSatisfy(exhibit -> {
            assertThat(URI.create(exhibit.source()).getPath()).matches("/[\\w.-]+/[\\w.-]+/(issues|pull|commit)/.+");
            assertThat(exhibit.settings().parts()).isNotEqualTo(MemberParts.SOUND);
        });
    }
}
