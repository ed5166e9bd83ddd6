package dev.surefoot.core.cluster;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The contents of a Metadata request.
 *
 * @param topics the topics wanted, or null for all of them; an empty set asks for the brokers only
 * @param allowAutoTopicCreation whether the broker may create a topic that does not exist
 */
public record MetadataQuery(@Nullable Set<String> topics, boolean allowAutoTopicCreation) {}
