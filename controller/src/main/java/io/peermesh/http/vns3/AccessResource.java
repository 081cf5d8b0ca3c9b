package io.peermesh.http.vns3;

import io.peermesh.admin.Outcome;
import io.peermesh.admin.TokenAdmin;
import io.peermesh.admin.TokenView;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.BadArgument;
import io.peermesh.http.server.Parameters;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code /access/token}: API tokens; the token itself is only in the answer to its creation. */
public final class AccessResource implements Resource {
    private final TokenAdmin tokens;

    /** Over these use cases. */
    public AccessResource(TokenAdmin tokens) {
        this.tokens = tokens;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add(
                "GET",
                "/api/access/tokens",
                _ -> Answer.ok(tokens.list().stream().map(AccessResource::body).toList()));
        routes.add("POST", "/api/access/token", this::create);
        routes.add(
                "GET",
                "/api/access/token/{id}",
                request -> Answer.of(tokens.find(idOf(request)), AccessResource::body));
        routes.add("PUT", "/api/access/token/{id}", this::expire);
        routes.add(
                "DELETE",
                "/api/access/token/{id}",
                request -> Answer.of(tokens.remove(request.actor(), idOf(request)), text -> text));
    }

    private Answer create(Request request) {
        Parameters given = request.parameters();
        Optional<Integer> seconds = given.number("expires");
        Outcome<TokenView> outcome =
                tokens.create(
                        request.actor(),
                        given.text("name").or(() -> given.text("token_name")).orElse(""),
                        seconds.isPresent() ? OptionalLong.of(seconds.get()) : OptionalLong.empty(),
                        given.flag("refreshes").orElse(false));
        return switch (outcome) {
            case Outcome.Done<TokenView>(TokenView token) -> Answer.created(body(token));
            case Outcome.Refused<TokenView>(var problem) -> Answer.refusal(problem);
        };
    }

    private Answer expire(Request request) {
        int id = idOf(request);
        if (!request.parameters().flag("expired").orElse(false)) {
            throw new BadArgument("expired must be true: nothing else of a token can be changed");
        }
        return Answer.of(tokens.expire(request.actor(), id), AccessResource::body);
    }

    /** 0 is no token's id, so that anything but a number is answered like an unknown one. */
    private static int idOf(Request request) {
        try {
            return Integer.parseInt(request.pathParameter("id"));
        } catch (NumberFormatException malformed) {
            return 0;
        }
    }

    private static Body body(TokenView token) {
        return new Body(
                token.id(),
                token.token(),
                token.name(),
                Times.rfc3339(token.createdAt()),
                Times.rfc3339(token.expiresAt()),
                token.createdSource(),
                lifetime(token.lifetimeSeconds()),
                token.refreshes(),
                token.expired(),
                token.lastUsedAt().map(Times::rfc3339),
                token.lastUsedSource());
    }

    /** In the largest unit that divides it: {@code 1h}, {@code 90m}, {@code 61s}. */
    static String lifetime(long seconds) {
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private record Body(
            int id,
            Optional<String> token,
            String name,
            String createdAt,
            String expiresAt,
            String createdIp,
            String lifetime,
            boolean refreshes,
            boolean expired,
            Optional<String> lastAccessedAt,
            Optional<String> lastAccessedIp) {}
}
