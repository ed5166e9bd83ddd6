package dev.surefoot.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.apache.kafka.common.Uuid;

/**
 * What the core must never contain, and which of its packages may know which. {@link ArchitectureRulesBiteTest} shows
 * that these rules catch what they are there for.
 */
@AnalyzeClasses(packages = "dev.surefoot.core", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule THE_CORE_STARTS_NO_THREAD = noClasses()
            .should(dependOnClassesThat(resideInAnyPackage("java.util.concurrent..")))
            .orShould(dependOnClassesThat(named(
                    "java.lang.Thread",
                    "java.lang.ThreadGroup",
                    "java.lang.ThreadLocal",
                    "java.lang.InheritableThreadLocal",
                    "java.util.Timer")))
            .because("one thread owns the core and calls into it (see dev.surefoot.runtime); that is why the core"
                    + " needs no"
                    + " lock, and why a simulation can replay it step by step");

    @ArchTest
    static final ArchRule THE_CORE_LOCKS_NOTHING = noMethods()
            .should()
            .haveModifier(JavaModifier.SYNCHRONIZED)
            .because("one thread owns the core; a lock would only hide that a second one got in");

    @ArchTest
    static final ArchRule THE_CORE_SHARES_NO_FIELD_BETWEEN_THREADS = noFields()
            .should()
            .haveModifier(JavaModifier.VOLATILE)
            .because("one thread owns the core; a volatile field would only hide that a second one got in");

    @ArchTest
    static final ArchRule THE_CORE_DOES_NO_INPUT_OR_OUTPUT = noClasses()
            .should(dependOnClassesThat(
                    resideInAnyPackage("java.net..", "javax.net..", "java.nio.channels..", "java.nio.file..")))
            .orShould(dependOnClassesThat(describe(
                    "read or write files",
                    (JavaClass type) -> type.getName().matches("java\\.io\\.(RandomAccess)?File.*"))))
            .orShould(dependOnClassesThat(
                    named("java.lang.Process", "java.lang.ProcessBuilder", "java.lang.Runtime", "java.io.Console")))
            .because("requests and answers cross the border of the core as values, so that the same code runs against a"
                    + " broker and in a simulation; sockets belong in dev.surefoot.net");

    @ArchTest
    static final ArchRule THE_CORE_LOGS_NOTHING = noClasses()
            .should(dependOnClassesThat(resideInAnyPackage("org.slf4j..", "java.util.logging..")))
            .orShould(dependOnClassesThat(named("java.lang.System$Logger")))
            .orShould()
            .accessTargetWhere(named(System.class, "out", "err", "in"))
            .because("what happens in the core leaves it as an event, which a caller can log, count or assert on");

    @ArchTest
    static final ArchRule THE_CORE_READS_NO_CLOCK = noClasses()
            .should(dependOnClassesThat(named(
                    "java.time.Clock",
                    "java.time.InstantSource",
                    "java.util.Date",
                    "java.util.Calendar",
                    "java.util.GregorianCalendar")))
            .orShould()
            .accessTargetWhere(named(System.class, "nanoTime", "currentTimeMillis"))
            .orShould()
            .accessTargetWhere(describe(
                    "asks java.time for the present",
                    (JavaAccess<?> access) ->
                            access.getTargetOwner().getPackageName().startsWith("java.time")
                                    && access.getTarget().getName().equals("now")))
            .because("time is an argument (nowNanos, once per turn), so that a test or a simulation decides what"
                    + " time it is");

    @ArchTest
    static final ArchRule THE_CORE_IS_NOT_RANDOM = noClasses()
            .should(dependOnClassesThat(named("java.util.Random", "java.security.SecureRandom")))
            .orShould()
            .accessTargetWhere(named(Math.class, "random"))
            .orShould()
            .accessTargetWhere(named(StrictMath.class, "random"))
            .orShould()
            .accessTargetWhere(named(UUID.class, "randomUUID"))
            .orShould()
            .accessTargetWhere(named(Uuid.class, "randomUuid"))
            .orShould()
            .accessTargetWhere(named(Collections.class, "shuffle").and(takes(1)))
            .orShould()
            .accessTargetWhere(named(SplittableRandom.class, JavaConstructor.CONSTRUCTOR_NAME)
                    .and(takes(0)))
            .because("the same seed and the same inputs must give the same run; use a SplittableRandom made from a"
                    + " seed that"
                    + " was given");

    @ArchTest
    static final ArchRule THE_CORE_LOOKS_AT_NO_ENVIRONMENT = noClasses()
            .should()
            .accessTargetWhere(named(System.class, "getenv", "getProperty", "getProperties"))
            .because("settings are arguments; a hidden one makes two equal runs differ");

    @ArchTest
    static final ArchRule THE_CORE_DEPENDS_ON_LITTLE = classes()
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                            "dev.surefoot.core..",
                            "dev.surefoot.progress",
                            "java..",
                            "org.jspecify.annotations",
                            "org.apache.kafka.common",
                            "org.apache.kafka.common.errors",
                            "org.apache.kafka.common.header",
                            "org.apache.kafka.common.serialization",
                            "org.apache.kafka.clients.consumer",
                            "com.github.luben.zstd..",
                            "net.jpountz..",
                            "org.xerial.snappy..")
                    .or(named("org.apache.kafka.common.record.TimestampType"))
                    .or(describe("primitive", JavaClass::isPrimitive)))
            .because("the core stands on the JDK, on kafka-clients' public types and on the codecs; Kafka's other"
                    + " classes move"
                    + " between releases and belong in dev.surefoot.wire and dev.surefoot.net");

    /** The floor of each package, those that are still empty among them; ARCHITECTURE.md has the same table. */
    static final Map<String, Integer> FLOORS = Map.ofEntries(
            Map.entry("records", 0),
            Map.entry("time", 0),
            Map.entry("error", 0),
            Map.entry("exchange", 1),
            Map.entry("session", 1),
            Map.entry("cluster", 1),
            Map.entry("handover", 1),
            Map.entry("position", 2),
            Map.entry("fetch", 3),
            Map.entry("delivery", 3),
            Map.entry("group", 4),
            Map.entry("guard", 5),
            Map.entry("engine", 6));

    @ArchTest
    static final ArchRule FLOORS_IMPORT_ONLY_DOWNWARDS = classes()
            .should(new ImportOnlyDownwards("dev.surefoot.core.", FLOORS))
            .because("a package can then be read, tested and changed with nothing in mind but the floors below it;"
                    + " what two"
                    + " siblings both need belongs on a lower floor, and what joins them on a higher one");

    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLE = slices().matching("dev.surefoot.core.(**)")
            .should()
            .beFreeOfCycles()
            .because("packages in a cycle are one package");

    @ArchTest
    static final ArchRule CLASSES_ARE_NAMED_AFTER_WHAT_THEY_ARE = noClasses()
            .should()
            .haveNameMatching(".*[.$](Abstract|Base)[A-Z][^.$]*")
            .orShould()
            .haveNameMatching(".*[.$][^.$]*(Manager|Helper)[^.$]*")
            .orShould()
            .haveNameMatching(".*[.$][^.$]*Utils?([A-Z][^.$]*)?")
            .orShould()
            .haveNameMatching(".*[.$][^.$]*Impl")
            .because("such a name says what role a class plays in the code instead of what it stands for in the"
                    + " protocol, and"
                    + " invites unrelated things in; use the field's noun");

    @ArchTest
    static final ArchRule PACKAGES_ARE_NAMED_AFTER_WHAT_THEY_HOLD = noClasses()
            .should()
            .resideInAnyPackage("..util..", "..utils..", "..common..", "..manager..", "..helper..", "..helpers..")
            .because("a package that holds anything at all has no border; name it after its one job");

    @ArchTest
    static final ArchRule METHODS_DO_WHAT_THEY_SAY = noMethods()
            .should()
            .haveNameMatching("maybe([A-Z].*)?")
            .because(
                    "'maybe' hides the condition; let the caller decide and the method do, or return what was decided");

    private static DescribedPredicate<JavaClass> named(String... names) {
        Set<String> wanted = Set.of(names);
        return describe("are " + String.join(" or ", names), type -> wanted.contains(type.getName()));
    }

    /**
     * Accesses to members of these names, method references among them, which ArchUnit's
     * {@code callMethod} does not see.
     */
    private static DescribedPredicate<JavaAccess<?>> named(Class<?> owner, String... members) {
        Set<String> wanted = Set.of(members);
        return describe(
                "is " + owner.getSimpleName() + "." + String.join("/", members),
                access -> access.getTargetOwner().isEquivalentTo(owner)
                        && wanted.contains(access.getTarget().getName()));
    }

    private static DescribedPredicate<JavaAccess<?>> takes(int parameters) {
        return describe(
                "takes " + parameters + " arguments",
                access -> access.getTarget() instanceof CodeUnitAccessTarget codeUnit
                        && codeUnit.getRawParameterTypes().size() == parameters);
    }
}
