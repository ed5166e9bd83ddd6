package dev.surefoot.core.group;

import dev.surefoot.core.handover.MemberSubscription;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What the application subscribes to, and what its JoinGroups say of that. Owned by the loop's thread. */
final class ClassicSubscription {
    private final GroupSettings settings;
    private NavigableSet<String> topics = new TreeSet<>();
    private Set<String> joinedWith = Set.of();
    private Map<String, @Nullable ByteBuffer> userData = Map.of();

    ClassicSubscription(GroupSettings settings) {
        this.settings = settings;
    }

    NavigableSet<String> topics() {
        return topics;
    }

    void subscribe(Set<String> wanted) {
        topics = new TreeSet<>(wanted);
    }

    /** What each assignor is to say, in its own words. */
    void prepare(Map<String, @Nullable ByteBuffer> prepared) {
        userData = new LinkedHashMap<>(prepared);
    }

    /** Whether the last JoinGroup has told the group other topics. */
    boolean differsFromJoined() {
        return !topics.equals(joinedWith);
    }

    /** A JoinGroup with this is on its way. */
    void joined() {
        joinedWith = topics;
    }

    /**
     * What JoinGroup says, for each assignor in the order of preference.
     *
     * @param generation the one that {@code owned} stem from, or -1
     */
    Map<String, MemberSubscription> protocols(NavigableSet<TopicPartition> owned, int generation) {
        Map<String, MemberSubscription> protocols = new LinkedHashMap<>();
        for (String assignor : settings.assignors()) {
            protocols.put(
                    assignor,
                    new MemberSubscription(
                            new ArrayList<>(topics),
                            userData.get(assignor),
                            List.copyOf(owned),
                            generation,
                            settings.rackId(),
                            settings.instanceId()));
        }
        return protocols;
    }
}
