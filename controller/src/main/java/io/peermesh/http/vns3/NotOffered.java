package io.peermesh.http.vns3;

import io.peermesh.http.server.Answer;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import java.util.List;

/**
 * What VNS3 documents and this version does not offer: refused in words, so that a script's author
 * learns more than "not found".
 */
public final class NotOffered implements Resource {
    private static final List<String> PATHS =
            List.of(
                    "links",
                    "firewall",
                    "v2/firewall",
                    "snapshots",
                    "remote_support",
                    "system",
                    "ms",
                    "access/url",
                    "access/urls",
                    "alert",
                    "alerts",
                    "alert_events",
                    "webhook",
                    "webhooks",
                    "packet_monitor",
                    "packet_monitors",
                    "interfaces",
                    "ipsec",
                    "identity",
                    "settings",
                    "container_system",
                    "plugins",
                    "plugin-instances");

    @Override
    public void addTo(RouteTable routes) {
        for (String path : PATHS) {
            Answer refusal =
                    Answer.failure(
                            403,
                            "PrerequisiteError",
                            "this version of Peermesh does not offer /api/" + path);
            routes.add(RouteTable.ANY_METHOD, "/api/" + path + "/**", _ -> refusal);
        }
        Answer fixed =
                Answer.failure(
                        403,
                        "PrerequisiteError",
                        "the license fixes the number of clientpacks; none can be added");
        routes.add("POST", "/api/clientpacks/add_clientpacks", _ -> fixed);
    }
}
