package dev.surefoot.cli.doctor;

import java.util.OptionalLong;

/**
 * Those settings of a topic that matter here.
 *
 * @param minInSync how many replicas must be in sync for producers to go on
 * @param retentionMs after how many milliseconds records are deleted, if they are
 * @param remote whether older records may be in remote storage
 */
record TopicSettings(int minInSync, OptionalLong retentionMs, boolean remote) {}
