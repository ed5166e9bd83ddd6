package dev.surefoot.bench.memory;

import dev.surefoot.bench.latency.ConsumerKind;

/** One trial of one client in a JVM with little memory. Each trial has a JVM of its own. */
public record ScarceResult(ScarceCase in, ConsumerKind client, int round, ScarceFigures figures) {}
