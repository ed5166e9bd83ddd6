package dev.surefoot.bench.rebalance;

/**
 * The figures of one change.
 *
 * @param flowingAgainMillis from the change until the last partition that was assigned anew has delivered a record
 * @param assigned how many partitions were assigned anew
 * @param kept how many partitions had the same owner before and after
 * @param keptRecords how many records the kept partitions delivered in that time
 * @param keptPart those as a part of what was written to them in that time
 * @param keptPauseMillis the longest time in which a kept partition delivered nothing
 * @param usualPauseMillis the same of all partitions while nothing happened
 */
public record RebalanceFigures(
        Change change,
        double flowingAgainMillis,
        int assigned,
        int kept,
        long keptRecords,
        double keptPart,
        double keptPauseMillis,
        double usualPauseMillis) {}
