package dev.surefoot.cli.doctor;

import static dev.surefoot.cli.doctor.Story.at;
import static dev.surefoot.cli.doctor.Story.member;
import static dev.surefoot.cli.doctor.Story.partitions;
import static dev.surefoot.cli.doctor.Story.stable;
import static dev.surefoot.cli.doctor.Story.view;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.surefoot.cli.doctor.GroupView.Phase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reports as people and programs get them. */
class ReportTextTest {

    @Test
    void aStallIsExplainedWithItsEvidenceAndWhatToDo() {
        Story story = new Story()
                .group(stable(member("app", partitions(2))))
                .with(0, at(30, 30))
                .with(1, at(10, 30));

        List<String> lines = new ReportText(false).lines(story.report());

        assertThat(lines.get(0))
                .isEqualTo("group g (classic protocol, state Stable, members: 1, coordinator is broker 0),"
                        + " looked at for 65 s");
        assertThat(lines)
                .contains("STALLED, suspect APPLICATION_NOT_POLLING (application): 1 partition")
                .contains("    the committed offset 10 has not moved for 65 s of looking", "    member app at 10.0.0.1")
                .anyMatch(each -> each.startsWith("  What to do: Take a stack trace"))
                .endsWith("Stalled: 1 of 2 partitions.");
    }

    @Test
    void whatIsWorstComesFirstInTheTable() {
        Story story = new Story().with(0, at(30, 30)).with(1, at(10, 30)).with(2, at(5, 30));

        List<String> rows = new ReportText(true)
                .lines(story.report()).stream()
                        .filter(each -> each.startsWith("| t-"))
                        .toList();

        assertThat(rows).hasSize(3);
        assertThat(rows.get(0)).contains("t-2").contains("STOP");
        assertThat(rows.get(2)).contains("t-0").contains("CAUGHT_UP", "OK");
    }

    @Test
    void manyPartitionsAreNotAllListed() {
        Story story = new Story().group(view(Phase.EMPTY, "Empty"));
        for (int i = 0; i < 100; i++) {
            story.with(i, at(10, 30));
        }

        List<String> lines = new ReportText(false).lines(story.report());

        assertThat(lines).hasSizeLessThan(80).contains("and 60 more (--json has all)", "  and 92 more");
        assertThat(lines).endsWith("Stalled: 100 of 100 partitions.");
    }

    @Test
    void programsGetNumbersAndNames() {
        Story story = new Story().with(0, at(10, 20, 30));

        ObjectNode json = new ReportJson(true).of(story.report());

        assertThat(json.at("/exitCode").asInt()).isEqualTo(1);
        assertThat(json.at("/lookedForMs").asLong()).isEqualTo(65_000);
        assertThat(json.at("/group/state").asText()).isEqualTo("Stable");
        assertThat(json.at("/burrow").asText()).isEqualTo("ERR");
        assertThat(json.at("/partitions/0/committed").asLong()).isEqualTo(10);
        assertThat(json.at("/partitions/0/stable").asLong()).isEqualTo(20);
        assertThat(json.at("/partitions/0/suspected").asBoolean()).isTrue();
        assertThat(json.at("/partitions/0/evidence")).isNotEmpty();
    }

    @Test
    void aChangeIsToldOnce() {
        List<String> lines = new ArrayList<>();
        Changes changes = new Changes(false, false, lines::add);
        Report healthy = new Story().with(0, at(30, 30)).report();
        Report stalled = new Story().with(0, at(10, 30)).report();

        changes.start(List.of(healthy));
        changes.tell(List.of(healthy));
        changes.tell(List.of(stalled));
        changes.tell(List.of(stalled));

        assertThat(lines).hasSize(1);
        assertThat(lines.get(0))
                .contains("group g t-0: STALLED, suspect APPLICATION_NOT_POLLING (application)"
                        + " (was FINE, CAUGHT_UP) - the committed offset 10 has not moved");
    }

    @Test
    void whatHasToBeAskedFollowsFromWhatWasSeen() {
        Examination seen = new Story()
                .with(0, at(50, 50, 90))
                .with(1, sample -> at(sample, 300))
                .with(2, at(0, 100_000))
                .with(3, at(30, 30))
                .examination();

        Details details = Details.of(seen, false);

        assertThat(details.pinned()).containsExactly(Story.partition(0));
        assertThat(details.toPeek()).containsOnlyKeys(Story.partition(0));
        assertThat(details.clients()).containsExactly("a");
        assertThat(details.behind())
                .containsExactlyInAnyOrder(Story.partition(0), Story.partition(1), Story.partition(2));
        assertThat(Details.of(seen, true).toPeek()).containsOnlyKeys(Story.partition(0), Story.partition(2));
    }
}
