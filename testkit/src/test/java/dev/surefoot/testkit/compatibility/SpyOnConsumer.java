package dev.surefoot.testkit.compatibility;

import dev.surefoot.SurefootConsumer;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.mockito.Mockito;

/** A program that reads, and a test that has Mockito watch a consumer or take its place. */
final class SpyOnConsumer {
    private SpyOnConsumer() {}

    /** @param args those of {@link ReadEverything} */
    public static void main(String[] args) throws Exception {
        Set<?> mocked = Mockito.mock(SurefootConsumer.class).assignment();
        System.out.println("mock " + mocked);
        try (SurefootConsumer<String, String> consumer = new SurefootConsumer<>(
                Map.of("bootstrap.servers", "127.0.0.1:1"), new StringDeserializer(), new StringDeserializer())) {
            SurefootConsumer<String, String> spy = Mockito.spy(consumer);
            Mockito.doReturn(Set.of(new TopicPartition("spied", 7))).when(spy).assignment();
            System.out.println("spy " + spy.assignment() + " " + spy.paused());
            Mockito.verify(spy).paused();
        }
        ReadEverything.main(args);
    }
}
