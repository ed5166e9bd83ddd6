package dev.surefoot;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/**
 * Which part of the consumer may know which, and who may touch threads, sockets and Kafka's inner classes.
 * The core is looked at too, as the lowest layer. {@link ArchitectureRulesBiteTest} shows that these rules
 * catch what they are there for.
 */
@AnalyzeClasses(
        packages = "dev.surefoot",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.DoNotIncludeFixtures.class})
class ArchitectureTest {
    /** The module that tests share is on their class path, and no part of the library. */
    static final class DoNotIncludeFixtures implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/dev/surefoot/fixtures/");
        }
    }

    private static final String FACE = "dev.surefoot";
    private static final String ASSEMBLY = "dev.surefoot.assembly..";
    private static final String RUNTIME = "dev.surefoot.runtime..";
    private static final String NET = "dev.surefoot.net..";
    private static final String WIRE = "dev.surefoot.wire..";
    private static final String CORE = "dev.surefoot.core..";

    @ArchTest
    static final ArchRule ARROWS_POINT_FROM_THE_FACE_TO_THE_CORE = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("dev.surefoot..")
            .withOptionalLayers(true)
            .layer("the face")
            .definedBy(FACE)
            .layer("assembly")
            .definedBy(ASSEMBLY)
            .layer("runtime")
            .definedBy(RUNTIME)
            .layer("net")
            .definedBy(NET)
            .layer("wire")
            .definedBy(WIRE)
            .layer("core")
            .definedBy(CORE, "dev.surefoot.progress")
            .whereLayer("the face")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("assembly")
            .mayOnlyBeAccessedByLayers("the face")
            .whereLayer("runtime")
            .mayOnlyBeAccessedByLayers("the face", "assembly")
            .whereLayer("net")
            .mayOnlyBeAccessedByLayers("assembly", "runtime")
            .whereLayer("wire")
            .mayOnlyBeAccessedByLayers("assembly", "runtime", "net")
            .ensureAllClassesAreContainedInArchitecture()
            .because("bytes know nothing of connections, connections nothing of the loop, and the "
                    + "loop nothing of the face"
                    + " it serves; each can then be tested without those above it");

    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLE =
            slices().matching("dev.(**)").should().beFreeOfCycles().because("packages in a cycle are one package");

    @ArchTest
    static final ArchRule ONLY_WIRE_AND_NET_TOUCH_KAFKAS_INNER_CLASSES = noClasses()
            .that()
            .resideOutsideOfPackages(WIRE, NET)
            .should(dependOnClassesThat(PublicKafka.NOT_PUBLIC))
            .because("Kafka's inner classes move between releases, and Surefoot runs unchanged on all "
                    + "of 4.x: what may break"
                    + " has to be in two packages, not everywhere");

    @ArchTest
    static final ArchRule ONLY_RUNTIME_AND_NET_KNOW_OF_THREADS = noClasses()
            .that()
            .resideOutsideOfPackages(RUNTIME, NET)
            .should(dependOnClassesThat(
                    resideInAnyPackage("java.util.concurrent..").and(not(named("java.util.concurrent.TimeUnit")))))
            .orShould(dependOnClassesThat(named(
                    "java.lang.Thread",
                    "java.lang.ThreadGroup",
                    "java.lang.ThreadLocal",
                    "java.lang.InheritableThreadLocal",
                    "java.util.Timer")))
            .because("everything but the hand-over between the loop's thread and the application's "
                    + "then runs on one thread,"
                    + " and there is one place to look for a race");

    @ArchTest
    static final ArchRule ONLY_NET_OPENS_SOCKETS = noClasses()
            .that()
            .resideOutsideOfPackage(NET)
            .should(dependOnClassesThat(resideInAnyPackage(
                    "java.net..", "javax.net..", "java.nio.channels..", "org.apache.kafka.common.network..")))
            .because("dev.surefoot.net.Transport is the seam at which a simulation or a faulty "
                    + "network takes the place of"
                    + " sockets; one opened elsewhere would get round it");

    @ArchTest
    static final ArchRule THE_CONSUMER_DEPENDS_ON_LITTLE = classes()
            .that()
            .resideOutsideOfPackage(CORE)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                            "dev.surefoot..",
                            "java..",
                            "javax..",
                            "jdk.jfr",
                            "org.apache.kafka..",
                            "org.jspecify.annotations",
                            "org.slf4j..")
                    .or(describe("primitive", JavaClass::isPrimitive)))
            .because("a program that depends on Surefoot gets kafka-clients and slf4j-api with it, and nothing else");

    @ArchTest
    static final ArchRule NOBODY_PRINTS = noClasses()
            .should(dependOnClassesThat(resideInAnyPackage("java.util.logging..")))
            .orShould()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .because("standard output belongs to the program; a library logs through slf4j");

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
            .because("such a name says what role a class plays in the code instead of what it stands "
                    + "for in the protocol, and"
                    + " invites unrelated things in; use the field's noun");

    @ArchTest
    static final ArchRule PACKAGES_ARE_NAMED_AFTER_WHAT_THEY_HOLD = noClasses()
            .should()
            .resideInAnyPackage("..util..", "..utils..", "..common..", "..manager..", "..helper..", "..helpers..")
            .because("a package that holds anything at all has no border; name it after its one job");

    private static DescribedPredicate<JavaClass> named(String... names) {
        Set<String> wanted = Set.of(names);
        return describe("are " + String.join(" or ", names), type -> wanted.contains(type.getName()));
    }
}
