package dev.surefoot.testkit.museum;

import static dev.surefoot.testkit.museum.OneSession.at;
import static dev.surefoot.testkit.museum.OneSession.marks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.Verdict;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every exhibit has to have. */
class ExhibitTest {

    static List<Exhibit> exhibits() {
        return Exhibit.ALL;
    }

    @Test
    void idsAndTitlesAreUnlikeEachOther() {
        assertThat(Exhibit.ALL).extracting(Exhibit::id).doesNotHaveDuplicates();
        assertThat(Exhibit.ALL).extracting(Exhibit::title).doesNotHaveDuplicates();
    }

    @Test
    void theFirstIsF1AndEachIsFoundByItsId() {
        assertThat(Exhibit.ALL.get(0)).isSameAs(Exhibit.F1);
        assertThat(Exhibit.ALL)
                .allSatisfy(exhibit -> assertThat(Exhibit.byId(exhibit.id())).isSameAs(exhibit));
        assertThatThrownBy(() -> Exhibit.byId("F0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("F0")
                .hasMessageContaining("F1, F2");
    }

    @ParameterizedTest
    @MethodSource("exhibits")
    void theSourceIsALinkAndTheInvariantANumber(Exhibit exhibit) {
        URI source = URI.create(exhibit.source());
        assertThat(source.getScheme()).isEqualTo("https");
        assertThat(source.getPath()).matches("/[\\w.-]+/[\\w.-]+/(issues|pull|commit|blob|tree)/.+");
        assertThat(exhibit.invariant()).matches("I\\d+");
    }

    @ParameterizedTest
    @MethodSource("exhibits")
    void itOpensASessionAndReadsOneAnswer(Exhibit exhibit) {
        OneSession one = new OneSession(exhibit);
        one.want("a", 0, at(0));

        FetchPlan full = one.send();
        Verdict verdict = one.answer(full, marks(one.key("a", 0)));

        assertThat(full.kind()).isEqualTo(Kind.FULL);
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Accepted.class,
                        accepted -> assertThat(accepted.reports()).hasSize(1));
        assertThat(one.session.outstanding()).isFalse();
    }
}
