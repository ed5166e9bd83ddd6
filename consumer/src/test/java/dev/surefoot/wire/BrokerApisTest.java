package dev.surefoot.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.surefoot.core.engine.RemainingRecordsExchange.RemainingRecordsRequest;
import dev.surefoot.core.engine.TopicIdExchange.TopicIdsRequest;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

/** Every request that the core can make has its API, so none is refused for the lack of a line when it is sent. */
class BrokerApisTest {
    private static final Set<Class<?>> REQUESTS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.surefoot.core").stream()
                    .filter(type -> type.isAssignableTo(Request.class) && !type.isInterface())
                    .map(JavaClass::reflect)
                    .collect(Collectors.toSet());

    @Test
    void everyRequestOfTheCoreHasAnApiAndEveryApiARequest() {
        assertThat(REQUESTS).isNotEmpty().isEqualTo(BrokerApis.byRequest().keySet());
    }

    /** But for metadata, where topics go by name or by id, and fetches, where one only asks if there are records. */
    @Test
    void noTwoRequestsShareAnApi() {
        Map<Class<?>, BrokerApi<?, ?>> apis = new HashMap<>(BrokerApis.byRequest());
        apis.remove(TopicIdsRequest.class);
        apis.remove(RemainingRecordsRequest.class);
        Map<ApiKeys, Class<?>> requestOf = new HashMap<>();
        apis.forEach((request, api) -> assertThat(requestOf.put(api.key(), request))
                .as("another request for %s", api.key())
                .isNull());
    }

    @Test
    void everyRequestIsAValueOfItsOwnFinalClass() {
        assertThat(REQUESTS)
                .allSatisfy(request -> assertThat(request.isRecord()).isTrue());
    }

    @Test
    void aRequestWithoutAnApiIsNamed() {
        assertThatIllegalStateException()
                .isThrownBy(() -> BrokerApis.of(new Unentered(1, 1)))
                .withMessageContaining(Unentered.class.getName())
                .withMessageContaining("enter it in BrokerApis");
    }

    private record Unentered(int nodeId, long timeoutNanos) implements Request<Unread> {
        @Override
        public Class<Unread> answerType() {
            return Unread.class;
        }
    }

    private record Unread(int throttleTimeMs) implements Answer {}
}
