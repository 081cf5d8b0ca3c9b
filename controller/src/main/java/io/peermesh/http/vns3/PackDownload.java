package io.peermesh.http.vns3;

import io.peermesh.admin.ClientpackAdmin;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.PackFile;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.BadArgument;
import io.peermesh.http.server.Parameters;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code GET /clientpack}: a clientpack as a file, plain or in an archive. */
public final class PackDownload implements Resource {
    private static final List<String> EXTENSIONS =
            List.of(".conf", ".zip", ".tarball", ".tar.gz", ".ovpn");

    private final ClientpackAdmin clientpacks;

    /** Over these use cases. */
    public PackDownload(ClientpackAdmin clientpacks) {
        this.clientpacks = clientpacks;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("GET", "/api/clientpack", this::byFormat);
        routes.add("GET", "/api/clientpack/{name}", this::byExtension);
    }

    private Answer byFormat(Request request) {
        Parameters given = request.parameters();
        String name = given.requiredText("name").strip();
        Optional<String> format =
                given.text("fileformat")
                        .or(() -> given.text("fileFormat"))
                        .or(() -> given.text("format"));
        return file(
                request, name, format.orElseThrow(() -> new BadArgument("fileformat is missing")));
    }

    private Answer byExtension(Request request) {
        String file = request.pathParameter("name");
        String lower = file.toLowerCase(Locale.ROOT);
        return EXTENSIONS.stream()
                .filter(lower::endsWith)
                .findFirst()
                .map(extension ->
                        file(
                                request,
                                file.substring(0, file.length() - extension.length()),
                                extension.substring(1)))
                .orElseThrow(() ->
                        new BadArgument("the name must end in .conf, .zip or .tar.gz: " + file));
    }

    private Answer file(Request request, String name, String format) {
        return switch (format.toLowerCase(Locale.ROOT)) {
            case "conf" -> download(request, name, Form.CONF);
            case "zip" -> download(request, name, Form.ZIP);
            case "tarball", "tar.gz", "tgz" -> download(request, name, Form.TAR_GZ);
            case "ovpn" ->
                    throw new BadArgument(
                            "clientpacks are WireGuard configurations; ask for conf, not ovpn");
            default ->
                    throw new BadArgument(
                            "fileformat must be conf, zip, tarball or tar.gz, not " + format);
        };
    }

    /** {@code home} is our own parameter: the id of the controller that the pack shall name. */
    private Answer download(Request request, String name, Form form) {
        Optional<Integer> home = request.parameters().number("home");
        return switch (clientpacks.download(request.actor(), name, home)) {
            case Outcome.Done<PackFile>(PackFile pack) -> form(pack, form);
            case Outcome.Refused<PackFile>(var problem) -> Answer.refusal(problem);
        };
    }

    private static Answer form(PackFile pack, Form form) {
        String name = pack.fileName();
        int dot = name.lastIndexOf('.');
        String stem = dot < 0 ? name : name.substring(0, dot);
        return switch (form) {
            case CONF ->
                    new Answer.File(
                            "text/plain", name, pack.text().getBytes(StandardCharsets.UTF_8));
            case ZIP ->
                    new Answer.File(
                            "application/octet-stream", stem + ".zip", PackArchive.zip(pack));
            case TAR_GZ ->
                    new Answer.File(
                            "application/octet-stream", stem + ".tar.gz", PackArchive.tarGz(pack));
        };
    }

    private enum Form {
        CONF,
        ZIP,
        TAR_GZ
    }
}
