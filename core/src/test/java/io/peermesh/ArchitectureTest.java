package io.peermesh;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/**
 * The drawing of the dependencies of core, as rules. docs/ARCHITECTURE.md shows the same picture.
 */
class ArchitectureTest {
    /** A package may use itself and those to its left. */
    private static final List<String> ORDER =
            List.of(
                    "frame",
                    "ip",
                    "crypto",
                    "port",
                    "noise",
                    "wire",
                    "session",
                    "liveness",
                    "routing",
                    "clients",
                    "replication",
                    "forward",
                    "node");

    private static final JavaClasses CORE =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
                    .importPackages("io.peermesh");

    @Test
    void lowerPackagesDoNotKnowHigherOnes() {
        for (int i = 0; i < ORDER.size() - 1; i++) {
            String[] higher =
                    ORDER.subList(i + 1, ORDER.size()).stream()
                            .map(name -> "io.peermesh." + name + "..")
                            .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("io.peermesh." + ORDER.get(i) + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(higher)
                    .check(CORE);
        }
        slices().matching("io.peermesh.(*)..").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void coreHasNoClockThreadSocketFileOrRandomness() {
        noClasses()
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.lang\\.Thread|java\\.util\\.concurrent\\.Executor.*|java\\.util\\.Random|"
                                + "java\\.security\\.SecureRandom|java\\.time\\.Clock|java\\.util\\.concurrent\\.locks\\..*")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.net..", "java.nio.file..", "java.nio.channels..", "java.io..")
                .check(CORE);
    }

    @Test
    void ciphersAreNamedOnlyInCrypto() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.peermesh.crypto..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("javax.crypto..", "org.bouncycastle..")
                .check(CORE);
    }

    @Test
    void theLinkerIsNeverUsed() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.lang\\.foreign\\.(Linker|SymbolLookup).*")
                .check(CORE);
    }

    @Test
    void everyPackageIsDocumentedNullMarkedAndListed() throws ClassNotFoundException {
        var missing = new ArrayList<String>();
        for (String name : packages().toList()) {
            Class<?> info = Class.forName(name + ".package-info");
            if (!info.isAnnotationPresent(NullMarked.class)) {
                missing.add(name);
            }
            assertThat(ORDER).contains(name.substring("io.peermesh.".length()));
        }

        assertThat(missing).isEmpty();
        classes().should().resideInAPackage("io.peermesh..").check(CORE);
    }

    private static Stream<String> packages() {
        return CORE.stream().map(type -> type.getPackageName()).distinct();
    }
}
