package dev.surefoot.bench.rebalance;

import java.util.List;

/** The figures of all changes of one order, in their order. */
record RebalanceAnswer(List<RebalanceFigures> figures) {}
