package io.peermesh.http.mesh;

import io.nayuki.qrcodegen.DataTooLongException;
import io.nayuki.qrcodegen.QrCode;
import io.peermesh.admin.ClientpackAdmin;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.PackFile;
import io.peermesh.api.PackText;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.BadArgument;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import java.nio.charset.StandardCharsets;

/** {@code /api/mesh/v1/clientpacks/{name}/qr}: a clientpack as a QR code, for phones. */
public final class PackQrResource implements Resource {
    private static final int QUIET_MODULES = 4; // ISO/IEC 18004 §9.1

    private final ClientpackAdmin clientpacks;

    /** Over these use cases. */
    public PackQrResource(ClientpackAdmin clientpacks) {
        this.clientpacks = clientpacks;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("GET", "/api/mesh/v1/clientpacks/{name}/qr", this::qr);
    }

    private Answer qr(Request request) {
        return switch (clientpacks.download(request.actor(), request.pathParameter("name"))) {
            case Outcome.Done<PackFile>(PackFile pack) ->
                    new Answer.Document(
                            "image/svg+xml", svg(pack).getBytes(StandardCharsets.UTF_8));
            case Outcome.Refused<PackFile>(var problem) -> Answer.refusal(problem);
        };
    }

    private static String svg(PackFile pack) {
        QrCode code;
        try {
            code = QrCode.encodeText(PackText.withoutComments(pack.text()), QrCode.Ecc.LOW);
        } catch (DataTooLongException tooLong) {
            throw new BadArgument("the clientpack is too long for a QR code; download it instead");
        }
        int size = code.size + 2 * QUIET_MODULES;
        return """
        <svg xmlns="http://www.w3.org/2000/svg" version="1.1" viewBox="0 0 %1$d %1$d" \
        shape-rendering="crispEdges"><rect width="100%%" height="100%%" fill="#fff"/>\
        <path d="%2$s" fill="#000"/></svg>
        """
                .formatted(size, darkModules(code));
    }

    private static String darkModules(QrCode code) {
        var path = new StringBuilder();
        for (int y = 0; y < code.size; y++) {
            for (int x = 0; x < code.size; x++) {
                if (code.getModule(x, y)) {
                    path.append('M').append(x + QUIET_MODULES);
                    path.append(',').append(y + QUIET_MODULES).append("h1v1h-1z");
                }
            }
        }
        return path.toString();
    }
}
