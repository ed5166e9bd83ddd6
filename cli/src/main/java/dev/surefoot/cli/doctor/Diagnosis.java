package dev.surefoot.cli.doctor;

import dev.surefoot.cli.doctor.Finding.Severity;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Says of each partition whether it advances, and if not, why. It has no side effects: the same examination has the
 * same diagnosis.
 *
 * <p>The first rule that applies decides. What moves is never called stalled, whatever the state of its group.
 */
final class Diagnosis {

    private Diagnosis() {}

    /** Judges all partitions, and the group. */
    static Report of(Examination all) {
        List<PartitionCase> cases = all.cases();
        Company company = new Company(cases);
        List<Rule> tree = tree(company);
        List<PartitionReport> partitions = cases.stream()
                .map(each -> PartitionReport.of(each, judge(each, tree, company)))
                .toList();
        return new Report(all, groupFinding(all, partitions), partitions);
    }

    private static List<Rule> tree(Company company) {
        return List.of(
                LogRules::sight,
                GroupRules::coordinator,
                partition -> GroupRules.noMembers(partition, company),
                GroupRules::rebalance,
                partition -> GroupRules.notOwned(partition, company),
                LogRules::leader,
                LogRules::withoutGroup,
                LogRules::noCommit,
                LogRules::outOfRange,
                LogRules::caughtUp,
                LogRules::heldBack,
                ProgressRules::moving,
                ProgressRules::emptyTail,
                partition -> LogRules.heldUpByAnother(partition, company));
    }

    private static Finding judge(PartitionCase partition, List<Rule> tree, Company company) {
        Finding found = tree.stream()
                .flatMap(rule -> rule.judge(partition).stream())
                .findFirst()
                .orElseGet(() -> ProgressRules.standing(partition, company));
        TopicSettings topic =
                partition.background().topics().get(partition.partition().topic());
        int inSync = partition.now().replicas().inSync().size();
        if (topic != null && inSync > 0 && inSync < topic.minInSync()) {
            return found.and(List.of("only " + inSync + " replicas are in sync, below min.insync.replicas of "
                    + topic.minInSync() + ": producers with acks=all cannot write"));
        }
        return found;
    }

    /** A group that does not come to rest matters only if it has something to read, or if that cannot be known. */
    private static Optional<Finding> groupFinding(Examination all, List<PartitionReport> partitions) {
        return GroupRules.ofGroup(all).map(found -> {
            boolean matters = partitions.isEmpty()
                    || partitions.stream()
                            .anyMatch(each -> each.finding().cause() == found.cause()
                                    || each.finding().severity() != Severity.FINE);
            return matters || !found.isStalled()
                    ? found
                    : Finding.waiting(found.cause()).and(found.evidence());
        });
    }

    /** Returns how long a look, in milliseconds, would decide what is not decided yet; 0 if all is. */
    static long neededMs(Report report) {
        return report.findings().stream()
                .map(Finding::neededMs)
                .max(Comparator.naturalOrder())
                .orElse(0L);
    }
}
