package io.peermesh.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.admin.Actor;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.PackView;
import io.peermesh.admin.ParametersRequest;
import io.peermesh.admin.Role;
import io.peermesh.http.TestApi;
import io.peermesh.web.session.Sessions;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pages show, take and refuse, without a browser. */
class PagesTest {
    private static final String PEERING = "/overlay/peering";
    private static final String PACKS = "/overlay/clientpacks";
    private static final String FIRST_PACK = PACKS + "/10_199_0_1";

    private TestApi api;
    private TestBrowser browser;

    @BeforeEach
    void start(@TempDir Path directory) {
        api = new TestApi(directory);
        browser = new TestBrowser(api).loggedIn("admin", TestApi.PASSWORD);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private static Map<String, String> table(String... choices) {
        var fields = new LinkedHashMap<String, String>();
        for (int id = 1; id <= choices.length; id++) {
            String choice = choices[id - 1];
            boolean address = !choice.equals("self") && !choice.equals("unset");
            fields.put("choice_" + id, address ? "address" : choice);
            fields.put("address_" + id, address ? choice : "");
            fields.put("mtu_" + id, "1500");
        }
        return fields;
    }

    private TestBrowser.Page save(Map<String, String> table) {
        browser.get(PEERING);
        return browser.post(PEERING, table);
    }

    @Test
    void theSetUpLeadsFromStepToStep() {
        String first = browser.get("/setup").html();

        browser.post(
                "/topology/license/create",
                Map.of("topology_name", "lab", "controllers", "2", "clients", "3"));
        String second = browser.get("/setup").location();
        browser.get("/topology/license");
        String third =
                browser.post("/topology/license/accept", Map.of("addressing", "default"))
                        .location();

        assertThat(first).contains("The first controller of a topology", "Fetch Keyset");
        assertThat(second).isEqualTo("/topology/license");
        assertThat(third).isEqualTo("/topology/keyset");
        assertThat(browser.get("/setup").location()).isEqualTo("/topology/keyset");
    }

    @Test
    void theIssuerKeyIsOfferedOnceAndNeverAgain() {
        browser.get("/topology/license");

        String created =
                browser.post(
                                "/topology/license/create",
                                Map.of("topology_name", "lab", "controllers", "2", "clients", "3"))
                        .html();

        assertThat(created).contains("BEGIN PRIVATE KEY", "does not keep it");
        assertThat(browser.get("/topology/license").html()).doesNotContain("PRIVATE KEY");
    }

    @Test
    void aLicenseThatIsNoneIsRefusedInWords() {
        browser.get("/topology/license");

        var answer = browser.post("/topology/license", Map.of("license", "nonsense"));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.html()).contains("Bad license").contains("nonsense");
    }

    @Test
    void aFailedFetchSaysWhy() {
        browser.get("/topology/keyset");
        browser.post(
                "/topology/keyset/fetch",
                Map.of("source", "127.0.0.1:1", "token", "correct horse battery"));
        api.awaitKeyset();

        String page = browser.get("/topology/keyset").html();

        assertThat(page).contains("The last attempt failed.").contains("127.0.0.1:1");
        assertThat(page).doesNotContain("correct horse");
    }

    @Test
    void peeringNeedsExactlyOneThisInstance() {
        api.withKeyset();

        var none = save(table("unset", "unset", "unset", "unset"));
        var two = save(table("self", "self", "unset", "unset"));

        assertThat(none.status()).isEqualTo(422);
        assertThat(none.html()).contains("Exactly one controller must be", "not none");
        assertThat(two.status()).isEqualTo(422);
        assertThat(two.html()).contains("not 2", "only one row can be this instance");
        assertThat(api.administration.config().view().peered()).isFalse();
    }

    @Test
    void eachWrongRowSaysWhatIsWrongAndKeepsWhatWasTyped() {
        api.withKeyset();
        Map<String, String> table = table("self", "not a host", "b.example", "b.example");
        table.put("mtu_3", "17");

        var answer = save(table);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.html())
                .contains("not a host is neither an IP address nor a DNS name")
                .contains("the MTU must be an integer between 500 and 4800")
                .contains("b.example is the address of another row already")
                .contains("value=\"not a host\"")
                .contains("value=\"17\"");
        assertThat(api.administration.config().view().peered()).isFalse();
    }

    @Test
    void theOwnAddressIsNoPeer() {
        api.withKeyset();

        var answer = save(table("self", "127.0.0.1", "unset", "unset"));

        assertThat(answer.html()).contains("127.0.0.1 is this controller's own address");
    }

    @Test
    void aGoodTableIsStoredAndChangedAsAWhole() {
        api.withKeyset();

        var saved = save(table("self", "10.0.0.2", "c.example", "unset"));
        var moved = save(table("10.0.0.1", "self", "unset", "unset"));

        assertThat(saved.location()).isEqualTo(PEERING);
        assertThat(moved.location()).isEqualTo(PEERING);
        assertThat(browser.get(PEERING).html())
                .contains("value=\"10.0.0.1\"")
                .doesNotContain("c.example");
        assertThat(api.administration.config().view().controllerId()).hasValue(2);
    }

    @Test
    void aConnectionTestSavesNothing() {
        api.withKeyset();
        browser.get(PEERING);

        String page =
                browser.post(PEERING + "/test/2", table("self", "10.0.0.2", "unset", "unset"))
                        .html();

        assertThat(page).contains("Save to bring its tunnel up");
        assertThat(api.administration.config().view().peered()).isFalse();
    }

    @Test
    void aTestOfASavedPeerNamesThePortsToOpen() {
        api.withKeyset();
        save(table("self", "10.0.0.2", "unset", "unset"));

        String page = browser.get(PEERING).html();

        assertThat(page).contains("Open UDP 1195 on controller 2 for this one, and UDP 1195 here");
    }

    @Test
    void packsAreFoundByAddressAndTagAndState() {
        api.ready();
        browser.get(FIRST_PACK);
        browser.post(FIRST_PACK + "/tags", Map.of("key", "host", "value", "Web server"));

        String byTag = browser.get(PACKS + "?q=web%20s").html();
        String byAddress = browser.get(PACKS + "?q=10.199.0.2").html();
        String connected = browser.get(PACKS + "?state=connected").html();

        assertThat(byTag).contains(FIRST_PACK).doesNotContain("10_199_0_2");
        assertThat(byAddress).contains("10_199_0_2").doesNotContain(FIRST_PACK);
        assertThat(connected).contains("No clientpack matches");
    }

    @Test
    void aTagFullOfMarkupStaysText() {
        api.ready();
        String markup = "\"><script>alert(1)</script>";
        browser.get(FIRST_PACK);
        browser.post(FIRST_PACK + "/tags", Map.of("key", "host", "value", markup));

        assertThat(browser.get(PACKS).html()).doesNotContain("<script>alert");
        assertThat(browser.get(FIRST_PACK).html()).doesNotContain("<script>alert");
        assertThat(browser.get(PACKS + "?q=%22%3E%3Cscript%3Ealert").html())
                .doesNotContain("<script>alert")
                .contains("&#34;>&lt;script>alert");
    }

    @Test
    void whatCutsClientsOffIsAskedAboutFirst() {
        api.ready();
        browser.get(PACKS);

        String question =
                browser.post(PACKS, Map.of("action", "disable", "pack_10_199_0_1", "on")).html();
        boolean before = enabled();
        browser.post(
                PACKS, Map.of("action", "disable", "pack_10_199_0_1", "on", "confirmed", "yes"));

        assertThat(question).contains("Disable 1 clientpack?", "10.199.0.1");
        assertThat(before).isTrue();
        assertThat(enabled()).isFalse();
    }

    private boolean enabled() {
        return api.administration.clientpacks().find("10_199_0_1")
                        instanceof Outcome.Done<PackView>(PackView pack)
                && pack.enabled();
    }

    @Test
    void aLivePartIsSentAtOnceAndEndsWithItsSession() throws IOException {
        browser.get("/");

        try (var live = new BufferedReader(browser.stream("/live/status"))) {
            String line = live.readLine();
            while (!line.startsWith("data: ")) {
                line = live.readLine();
            }
            String first = line;
            browser.post("/logout", Map.of());
            long rest = live.lines().filter(each -> each.startsWith("event")).count();

            assertThat(first).contains("<div id=\"live\"");
            assertThat(rest).isZero(); // it has ended, or this would wait for LENGTH
        }
    }

    @Test
    void aLivePartKeepsNoSessionAlive() throws IOException {
        browser.get("/");
        api.advanceSeconds(Sessions.IDLE.toSeconds() - 1);

        try (var live = new BufferedReader(browser.stream("/live/status"))) {
            live.readLine();
            api.advanceSeconds(1);
        }

        assertThat(browser.get("/").status()).isEqualTo(303);
    }

    @Test
    void aLivePartIsNotForStrangers() {
        assertThat(new TestBrowser(api).get("/live/status").status()).isEqualTo(303);
    }

    @Test
    void theControllersSettingsSayWhatTheyCostAndAreChanged() {
        api.ready();

        String page = browser.get("/topology/names").html();
        var wrong =
                browser.post(
                        "/topology/names/settings",
                        Map.of("probes", "slow", "weight", "x", "moves_per_minute", "5"));
        var sent =
                browser.post(
                        "/topology/names/settings",
                        Map.of("probes", "slow", "weight", "20", "moves_per_minute", "5"));

        assertThat(page).contains("fast: 50 ms, down after 156 ms, ", "a month</option>");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.html()).contains("Weight is invalid: it must be 1 to 100", "value=\"x\"");
        assertThat(sent.location()).isEqualTo("/topology/names");
        assertThat(api.administration.member().view().weight()).isEqualTo(20);
        assertThat(browser.get("/topology/names").html())
                .contains("<option value=\"slow\" selected>slow: 1.0 s");
    }

    @Test
    void aPackIsDownloadedAsAFile() {
        api.ready();

        var file = browser.get(FIRST_PACK + "/conf");
        var picture = browser.get(FIRST_PACK + "/qr.svg");

        assertThat(file.html()).contains("[Interface]");
        assertThat(file.header("Content-Disposition")).contains("10_199_0_1.conf");
        assertThat(picture.header("Content-Type")).isEqualTo("image/svg+xml");
    }

    @Test
    void aRouteIsAddedAdvertisedAndRemoved() {
        api.ready();
        browser.get("/overlay/routes");
        var bad = browser.post("/overlay/routes", Map.of("cidr", "nonsense"));
        browser.post(
                "/overlay/routes",
                Map.of("cidr", "10.77.0.0/16", "advertise", "on", "description", "lab net"));

        String with = browser.get("/overlay/routes").html();
        browser.post("/overlay/routes/1", Map.of("action", "remove"));

        assertThat(bad.status()).isEqualTo(422);
        assertThat(with).contains("10.77.0.0/16", "advertised", "lab net");
        assertThat(browser.get("/overlay/routes").html()).doesNotContain("10.77.0.0/16");
    }

    private TestBrowser as(Role role) {
        return TestBrowser.of(api, role);
    }

    @Test
    void whoMayOnlyReadSeesNoButtonsAndMayNotPressThem() {
        api.ready();
        TestBrowser reader = as(Role.READ_ONLY);

        String page = reader.get(FIRST_PACK).html();
        var act = reader.post(FIRST_PACK, Map.of("action", "check-out"));
        var download = reader.get(FIRST_PACK + "/conf");
        var peering = reader.post(PEERING, table("unset", "self", "unset", "unset"));

        assertThat(page).contains("Key generation").doesNotContain("Download .conf");
        assertThat(act.status()).isEqualTo(403);
        assertThat(download.status()).isEqualTo(403);
        assertThat(download.html()).doesNotContain("PrivateKey");
        assertThat(peering.status()).isEqualTo(403);
        assertThat(api.administration.config().view().controllerId()).hasValue(1);
    }

    @Test
    void anOperatorHandsOutPacksButManagesNoUsers() {
        api.ready();
        TestBrowser operator = as(Role.OPERATOR);

        int download = operator.get(FIRST_PACK + "/conf").status();
        operator.get("/system/users");
        var add = operator.post("/system/users", Map.of("name", "eve", "role", "admin"));
        var tokens = operator.get("/system/tokens");

        assertThat(download).isEqualTo(200);
        assertThat(add.status()).isEqualTo(403);
        assertThat(tokens.status()).isEqualTo(403);
        assertThat(api.administration.users().list()).hasSize(2);
    }

    @Test
    void aDisabledUserIsOutAtOnce() {
        TestBrowser reader = as(Role.READ_ONLY);
        browser.get("/system/users");

        browser.post("/system/users/change", Map.of("action", "disable", "name", "user-read-only"));

        assertThat(reader.get("/").status()).isEqualTo(303);
    }

    @Test
    void theLastAdministratorCannotLoseItsRole() {
        browser.get("/system/users");

        var fields = new HashMap<String, String>();
        fields.put("action", "role");
        fields.put("name", "admin");
        fields.put("role", "read-only");
        var answer = browser.post("/system/users/change", fields);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(api.administration.users().list().getFirst().role()).isEqualTo(Role.ADMIN);
    }

    @Test
    void aTokenIsShownOnceAndStandsInTheAuditTrailByName() {
        browser.get("/system/tokens");

        String created =
                browser.post("/system/tokens", Map.of("name", "grafana", "lifetime", "day")).html();
        String token = created.replaceAll("(?s).*<pre id=\"secret\"[^>]*>([^<]*)</pre>.*", "$1");

        assertThat(token).hasSize(64);
        assertThat(browser.get("/system/tokens").html()).contains("grafana").doesNotContain(token);
        assertThat(browser.get("/system/audit").html())
                .contains("create token", "grafana")
                .doesNotContain(token);
    }

    @Test
    void everyPageStaysSmall() {
        api.ready();

        for (String path :
                new String[] {
                    "/",
                    PEERING,
                    PACKS,
                    FIRST_PACK,
                    "/overlay/events",
                    "/topology/license",
                    "/topology/keyset",
                    "/topology/names",
                    "/system/users",
                    "/system/tokens",
                    "/system/certificate",
                    "/system/audit",
                    "/overlay/routes",
                    "/password"
                }) {
            var page = browser.get(path);
            assertThat(page.status()).as(path).isEqualTo(200);
            assertThat(page.html().length()).as(path).isLessThan(70_000);
            assertThat(page.html()).as(path).doesNotContain(" style=", "javascript:");
        }
    }

    @Test
    void manyPacksArePaged() {
        TestApi.expect(
                api.send(
                        "PUT",
                        "/api/license",
                        TestApi.license(4, 200),
                        "text/plain",
                        "Authorization",
                        TestApi.basic(TestApi.PASSWORD)));
        api.administration.license().acceptParameters(Actor.LOCAL, ParametersRequest.DEFAULTS);
        api.endRestart();
        api.call("PUT", "/api/keyset", "{\"token\": \"" + TestApi.TOKEN + "\"}");
        api.awaitKeyset();

        String last = browser.get(PACKS + "?page=4").html();
        String beyond = browser.get(PACKS + "?page=99").html();

        assertThat(last).contains("Page 4 of 4", "10_199_0_200").doesNotContain("10_199_0_150\"");
        assertThat(beyond).contains("Page 4 of 4");
    }
}
