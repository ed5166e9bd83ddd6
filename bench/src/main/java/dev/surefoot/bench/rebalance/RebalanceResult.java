package dev.surefoot.bench.rebalance;

/**
 * One change of one group.
 *
 * @param members how many members the group had besides the one that joined, left or died
 * @param round counted from 1; warm-up rounds have lower numbers
 */
public record RebalanceResult(Subject subject, GroupKind kind, int members, int round, RebalanceFigures figures) {}
