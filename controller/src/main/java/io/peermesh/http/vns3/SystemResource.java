package io.peermesh.http.vns3;

import io.peermesh.admin.CredentialAdmin;
import io.peermesh.admin.RestartSignal;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.BadArgument;
import io.peermesh.http.server.Parameters;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import java.util.Map;

/** Passwords, reboot, cloud: the administration of the controller itself. */
public final class SystemResource implements Resource {
    private final CredentialAdmin credentials;
    private final RestartSignal restartSignal;

    /** Over these use cases. */
    public SystemResource(CredentialAdmin credentials, RestartSignal restartSignal) {
        this.credentials = credentials;
        this.restartSignal = restartSignal;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("PUT", "/api/server", this::reboot);
        routes.add("GET", "/api/cloud_data", _ -> Answer.ok(new Cloud("none", NO_PROJECT)));
        routes.add("PUT", "/api/api_password", this::changePassword);
        routes.add("PUT", "/api/admin_ui", this::changeUi);
    }

    /** Nothing needs a reboot; API clients see one, and the mesh goes on. */
    private Answer reboot(Request request) {
        if (!request.parameters().flag("reboot").orElse(false)) {
            throw new BadArgument("Nothing to do");
        }
        restartSignal.restarting("reboot requested by " + request.actor().name());
        return Answer.ok(Map.of("status", "rebooting"));
    }

    private Answer changePassword(Request request) {
        String password = request.parameters().requiredText("password");
        return Answer.of(
                credentials.changeApiPassword(request.actor(), password),
                _ -> Map.of("password_reset", "ok"));
    }

    private Answer changeUi(Request request) {
        Parameters given = request.parameters();
        return Answer.of(
                credentials.changeUi(
                        request.actor(),
                        given.flag("enabled"),
                        given.text("admin_username"),
                        given.text("admin_password")),
                access -> new Ui(access.enabled(), access.username()));
    }

    private record Ui(boolean enabled, String username) {}

    /** The Go client takes exactly this inner object, or one of EC2. */
    private static final Map<String, String> NO_PROJECT = Map.of("projectId", "none");

    private record Cloud(String cloudType, Map<String, String> cloudData) {}
}
