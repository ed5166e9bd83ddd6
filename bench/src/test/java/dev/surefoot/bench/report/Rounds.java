package dev.surefoot.bench.report;

/** Rounds with figures that are easy to reckon with. */
final class Rounds {

    private Rounds() {}

    /** A round of a million records of 1,000 bytes at this rate; round 0 is the cold one. */
    static RoundFigures round(String workload, String client, int round, double recordsPerSecond) {
        return new RoundFigures(
                workload,
                client,
                round,
                round == 0,
                1_000_000,
                1_000,
                workload.contains("lz4") ? "lz4" : "none",
                recordsPerSecond,
                recordsPerSecond / 1_000,
                2.5,
                client.equals("librdkafka") ? null : 48.0,
                client.equals("librdkafka") ? null : 3.0,
                100e6,
                12.5,
                800_000L);
    }
}
