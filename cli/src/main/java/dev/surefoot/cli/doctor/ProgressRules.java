package dev.surefoot.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rules about partitions that have something to read: whether they move, and if not, whose matter that is. */
final class ProgressRules {

    /** Enough if others of the same member, or on other brokers, move meanwhile. */
    private static final long CORROBORATED_MS = 30_000;

    private static final int MOVES_ELSEWHERE = 3;

    private static final String NEAR_RETENTION =
            "less than a fifth of the retention time is left until its next record is deleted";

    private ProgressRules() {}

    /** The committed offset moves. */
    static Optional<Finding> moving(PartitionCase partition) {
        if (!partition.isMoving()) {
            return Optional.empty();
        }
        if (partition.background().nearRetention().contains(partition.partition())) {
            return Optional.of(
                    Finding.waiting(Cause.RETENTION_RACE, NEAR_RETENTION).and(speed(partition)));
        }
        return Optional.of(Finding.fine(Cause.PROGRESSING).and(speed(partition)));
    }

    private static List<String> speed(PartitionCase partition) {
        List<String> words = new ArrayList<>();
        double read = partition.readPerSecond();
        double written = partition.writtenPerSecond();
        words.add("read " + Spoken.rate(read) + ", written " + Spoken.rate(written));
        if (partition.wentBack()) {
            words.add("its committed offset went back, as after a seek or a reset");
        } else if (partition.isBehind() && read > written) {
            words.add("caught up in about "
                    + Spoken.duration(Math.round(partition.lag().getAsLong() * 1e3 / (read - written))));
        } else if (partition.isBehind() && written > read && read > 0) {
            words.add("the lag grows");
        }
        return words;
    }

    /** Nothing that a reader would be given is left. */
    static Optional<Finding> emptyTail(PartitionCase partition) {
        NextRecord next = partition.background().nextRecords().get(partition.partition());
        if (next == null || next.exists()) {
            return Optional.empty();
        }
        return Optional.of(Finding.fine(
                Cause.NOTHING_DELIVERABLE, "no record between the committed offset and the end of what can be read"));
    }

    /** The committed offset does not move, though somebody has the partition. */
    static Finding standing(PartitionCase partition, Company company) {
        long standing = partition.standingMs();
        List<String> evidence = new ArrayList<>();
        evidence.add(
                "the committed offset " + Spoken.number(partition.committed().orElse(0)) + " has not moved for "
                        + Spoken.duration(standing) + " of looking");
        partition.owner().ifPresent(member -> evidence.add("member " + member.name()));
        Suspect suspect = suspectOf(partition, company);
        evidence.addAll(suspect.evidence());
        evidence.addAll(possibilities(partition));
        if (mayBeMarkers(partition)) {
            return Finding.waiting(Cause.UNDECIDED)
                    .and(evidence)
                    .and(List.of("its next record was not read (it needs READ on the topic): there may be none, only"
                            + " transaction markers"))
                    .undecidedBefore(partition.examination().neededMs(standing, PartitionCase.STANDS_MS));
        }
        long patienceMs =
                suspect.corroborated() ? Math.max(CORROBORATED_MS, partition.pacedMs()) : partition.patienceMs();
        return standing >= patienceMs
                ? Finding.stalled(suspect.cause()).suspected().and(evidence)
                : Finding.waiting(Cause.UNDECIDED)
                        .and(evidence)
                        .undecidedBefore(partition.examination().neededMs(standing, patienceMs));
    }

    /** Whether what is left may be a tail of markers, as it is short, does not grow, and was not looked into. */
    private static boolean mayBeMarkers(PartitionCase partition) {
        return !partition.background().nextRecords().containsKey(partition.partition())
                && partition.lag().orElse(0) <= Details.TAIL_MAX
                && partition.writtenPerSecond() == 0;
    }

    /** Whose matter it probably is, why, and whether something else shows that time enough has passed. */
    private record Suspect(Cause cause, List<String> evidence, boolean corroborated) {}

    private static Suspect suspectOf(PartitionCase partition, Company company) {
        Optional<Suspect> broker = brokerOf(partition, company);
        if (broker.isPresent()) {
            return broker.get();
        }
        Company.Tally member = company.ofSameMember(partition);
        int others = member.partitions() - 1;
        if (member.moving() > 0 && member.lastMoveMs() > partition.standsSinceMs()) {
            return new Suspect(
                    Cause.CLIENT_FAULT,
                    List.of("meanwhile " + (partition.owner().isPresent() ? "the same member" : "the reader")
                            + " has advanced " + member.moving() + " of its other " + others + " partitions"),
                    member.mostMovesSince(partition.standsSinceMs()) >= MOVES_ELSEWHERE);
        }
        String evidence = others == 0
                ? "it is the only partition of this member"
                : "none of the other " + others + " partitions of this member has advanced either";
        return new Suspect(Cause.APPLICATION_NOT_POLLING, List.of(evidence), false);
    }

    /** All that stands, of two members or more, is led by one broker, and all that moves is led by others. */
    private static Optional<Suspect> brokerOf(PartitionCase partition, Company company) {
        Company.Tally broker = company.ofSameBroker(partition);
        int movingElsewhere = company.movingElsewhere(partition);
        if (broker.membersStanding() < 2
                || broker.moving() > 0
                || movingElsewhere == 0
                || company.standingElsewhere(partition) > 0) {
            return Optional.empty();
        }
        return Optional.of(new Suspect(
                Cause.BROKER_SLOW,
                List.of("all " + broker.standing() + " partitions that stand are led by broker "
                        + partition.now().replicas().leader().orElse(-1) + ", all " + movingElsewhere
                        + " that move by others"),
                company.all().mostMovesSince(partition.standsSinceMs()) >= MOVES_ELSEWHERE));
    }

    private static List<String> possibilities(PartitionCase partition) {
        Background background = partition.background();
        List<String> words = new ArrayList<>();
        NextRecord next = background.nextRecords().get(partition.partition());
        if (next != null && next.exists()) {
            words.add("its next record: offset " + Spoken.number(next.offset()) + ", of "
                    + Spoken.time(next.timestampMs()) + ", key " + size(next.keyBytes()) + ", value "
                    + size(next.valueBytes()));
        }
        if (background.nearRetention().contains(partition.partition())) {
            words.add(NEAR_RETENTION);
        }
        Double quota = partition
                .owner()
                .map(each -> background.quotas().get(each.clientId()))
                .orElse(null);
        if (quota != null) {
            words.add("also possible: throttled, as its client id has a quota of " + Spoken.number(Math.round(quota))
                    + " B/s");
        }
        Long local = background.firstLocal().get(partition.partition());
        if (local != null && local > partition.committed().orElse(Long.MAX_VALUE)) {
            words.add("also possible: a slow tier, as offsets below " + Spoken.number(local)
                    + " are in remote storage only");
        }
        return words;
    }

    private static String size(int bytes) {
        return bytes < 0 ? "null" : Spoken.number(bytes) + " B";
    }
}
