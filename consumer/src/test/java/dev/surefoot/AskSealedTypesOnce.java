package dev.surefoot;

import com.tngtech.archunit.core.domain.InstanceofCheck;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Holds for a class none of whose methods asks a sealed type for more than one of its kinds by {@code instanceof}: the compiler
 * would not list what such a chain leaves out.
 */
final class AskSealedTypesOnce extends ArchCondition<JavaClass> {

    AskSealedTypesOnce() {
        super("ask a sealed type for no more than one of its kinds in a method");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        for (JavaCodeUnit method : type.getCodeUnits()) {
            kindsAskedFor(method).forEach((parent, kinds) -> {
                if (kinds.size() > 1) {
                    events.add(SimpleConditionEvent.violated(
                            type, method.getFullName() + " asks a " + parent + " whether it is one of " + kinds));
                }
            });
        }
    }

    private static Map<String, Set<String>> kindsAskedFor(JavaCodeUnit method) {
        Map<String, Set<String>> kinds = new TreeMap<>();
        for (InstanceofCheck asked : method.getInstanceofChecks()) {
            Class<?> kind = asked.getRawType().reflect();
            Stream.concat(Stream.ofNullable(kind.getSuperclass()), Stream.of(kind.getInterfaces()))
                    .filter(Class::isSealed)
                    .forEach(parent -> kinds.computeIfAbsent(parent.getSimpleName(), name -> new TreeSet<>())
                            .add(kind.getSimpleName()));
        }
        return kinds;
    }
}
