package io.peermesh;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The drawing of the dependencies of the controller, as rules. */
class ArchitectureTest {
    private static final JavaClasses CONTROLLER =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .withImportOption(location -> location.contains("/controller/"))
                    .importPackages("io.peermesh");

    @Test
    void sqlStaysInTheStore() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.peermesh.store..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "org.sqlite..")
                .check(CONTROLLER);
    }

    @Test
    void httpStaysInHttp() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.peermesh.http..", "io.peermesh.web..", "io.peermesh.main..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.helidon..")
                .check(CONTROLLER);
    }

    @Test
    void theCommandLineSpeaksOnlyToTheApi() {
        noClasses()
                .that()
                .resideInAnyPackage("io.peermesh.cli..", "io.peermesh.demo..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.peermesh.admin..",
                        "io.peermesh.store..",
                        "io.peermesh.http..",
                        "io.peermesh.runtime..",
                        "io.peermesh.linux..")
                .check(CONTROLLER);
    }

    @Test
    void theWebUiCallsUseCasesAndIsServedByTheServer() {
        noClasses()
                .that()
                .resideInAPackage("io.peermesh.web..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.peermesh.store..",
                        "io.peermesh.cli..",
                        "io.peermesh.linux..",
                        "io.peermesh.main..",
                        "io.peermesh.http",
                        "io.peermesh.http.vns3..",
                        "io.peermesh.http.mesh..",
                        "io.helidon..")
                .check(CONTROLLER);
    }

    @Test
    void theApiKnowsNothingOfTheWebUi() {
        noClasses()
                .that()
                .resideInAPackage("io.peermesh.http..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.peermesh.web..")
                .check(CONTROLLER);
    }

    @Test
    void theUseCasesKnowNoFace() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.peermesh.admin..",
                        "io.peermesh.store..",
                        "io.peermesh.keyset..",
                        "io.peermesh.license..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.peermesh.http..",
                        "io.peermesh.web..",
                        "io.peermesh.cli..",
                        "io.peermesh.api..",
                        "io.peermesh.main..")
                .check(CONTROLLER);
    }

    @Test
    void theThreadsOfTheMeshKnowNothingOfTheAdministration() {
        noClasses()
                .that()
                .resideInAPackage("io.peermesh.runtime..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.peermesh.admin..",
                        "io.peermesh.store..",
                        "io.peermesh.http..",
                        "io.peermesh.cli..")
                .check(CONTROLLER);
    }

    @Test
    void theAgentIsNoController() {
        noClasses()
                .that()
                .resideInAPackage("io.peermesh.agent..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.peermesh.admin..",
                        "io.peermesh.store..",
                        "io.peermesh.http..",
                        "io.peermesh.license..",
                        "io.peermesh.demo..",
                        "io.peermesh.main..",
                        "io.peermesh.node..")
                .check(CONTROLLER);
        noClasses()
                .that()
                .resideOutsideOfPackages("io.peermesh.agent..", "io.peermesh.main..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.peermesh.agent..")
                .check(CONTROLLER);
    }

    @Test
    void everyPackageIsDocumentedAndNullMarked() throws ClassNotFoundException {
        var names = new TreeSet<String>();
        CONTROLLER.forEach(type -> names.add(type.getPackageName()));

        var missing = new ArrayList<String>();
        for (String name : names) {
            if (!Class.forName(name + ".package-info").isAnnotationPresent(NullMarked.class)) {
                missing.add(name);
            }
        }

        assertThat(names).isNotEmpty();
        assertThat(missing).isEmpty();
    }
}
