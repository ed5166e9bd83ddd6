package dev.surefoot.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.surefoot.core.position.PositionRepair;
import dev.surefoot.core.position.Positions;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** By the class files: who may reset or place a partition that waits for its committed offset. */
class OnlyRoadToAResetTest {
    @Test
    void onlyTheGroupResetsAPartitionWithoutACommittedOffset() {
        Set<String> callers = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.surefoot.core")
                        .stream()
                        .flatMap(type -> type.getMethodCallsFromSelf().stream())
                        .filter(OnlyRoadToAResetTest::resetsOrPlaces)
                        .map(JavaMethodCall::getOriginOwner)
                        .map(JavaClass::getName)
                        .collect(Collectors.toSet());
        assertThat(callers)
                .containsExactlyInAnyOrder(PositionRepair.class.getName(), UnplacedPartitions.class.getName());
    }

    private static boolean resetsOrPlaces(JavaMethodCall call) {
        boolean ofPositions = call.getTargetOwner().isEquivalentTo(Positions.class)
                || call.getTargetOwner().isEquivalentTo(PositionRepair.class);
        return ofPositions && Set.of("resetUnplaced", "place", "placed").contains(call.getName());
    }
}
