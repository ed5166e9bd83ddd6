package dev.surefoot.cli.consume;

import org.jspecify.annotations.Nullable;

/**
 * The group that the command reads in.
 *
 * @param id its {@code group.id}
 * @param offsetReset the {@code auto.offset.reset} that the user has chosen by {@code --from}; null if none
 * @param commit when printed records are committed
 */
record GroupToJoin(String id, @Nullable String offsetReset, CommitMode commit) {}
