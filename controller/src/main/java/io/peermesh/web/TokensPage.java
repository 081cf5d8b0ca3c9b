package io.peermesh.web;

import io.peermesh.admin.Outcome;
import io.peermesh.admin.Problem;
import io.peermesh.admin.Role;
import io.peermesh.admin.TokenAdmin;
import io.peermesh.admin.TokenView;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.BadArgument;
import io.peermesh.web.view.Moment;
import io.peermesh.web.view.TokenRowView;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** <i>Access tokens</i> of the API. */
final class TokensPage {
    private static final String PATH = "/system/tokens";

    private final TokenAdmin tokens;
    private final InstantSource clock;
    private final Frame frame;

    TokensPage(TokenAdmin tokens, InstantSource clock, Frame frame) {
        this.tokens = tokens;
        this.clock = clock;
        this.frame = frame;
    }

    void addTo(Door door) {
        door.get(PATH, Role.ADMIN, visit -> page(visit, 200, ""))
                .post(PATH, Role.ADMIN, this::create)
                .post(PATH + "/{id}", Role.ADMIN, this::act);
    }

    private Answer page(Visit visit, int status, String problem) {
        var parameters = new HashMap<String, Object>();
        parameters.put("tokens", tokens.list().stream().map(this::row).toList());
        parameters.put("problem", problem);
        parameters.put("values", new Values(visit));
        return frame.page(visit, status, frame.shell(visit, "Access tokens"), "tokens", parameters);
    }

    private TokenRowView row(TokenView token) {
        return new TokenRowView(
                token.id(),
                token.name().isEmpty() ? "token " + token.id() : token.name(),
                token.expired(),
                Moment.of(token.createdAt(), clock.instant()),
                Moment.of(token.expiresAt(), clock.instant()),
                token.refreshes(),
                token.lastUsedAt().map(at -> Moment.of(at, clock.instant())),
                token.lastUsedSource().orElse(""));
    }

    private Answer create(Visit visit) {
        OptionalLong seconds =
                switch (visit.field("lifetime")) {
                    case "day" -> OptionalLong.of(86_400);
                    case "month" -> OptionalLong.of(30 * 86_400L);
                    case "year" -> OptionalLong.of(TokenAdmin.MAX_SECONDS);
                    default -> OptionalLong.of(TokenAdmin.DEFAULT_SECONDS);
                };
        Outcome<TokenView> outcome =
                tokens.create(
                        visit.actor(),
                        visit.field("name"),
                        seconds,
                        visit.field("refreshes").equals("on"));
        return switch (outcome) {
            case Outcome.Refused<TokenView>(Problem problem) ->
                    page(visit, 422, Sentence.of(problem));
            case Outcome.Done<TokenView>(TokenView token) ->
                    frame.page(
                            visit,
                            "New access token",
                            "secret",
                            Map.of(
                                    "explanation",
                                    "It is shown only now. Send it in the header api-token.",
                                    "secret",
                                    token.token().orElseThrow(),
                                    "back",
                                    PATH));
        };
    }

    private Answer act(Visit visit) {
        int id = id(visit.request().pathParameter("id"));
        Outcome<?> outcome =
                visit.field("action").equals("remove")
                        ? tokens.remove(visit.actor(), id)
                        : tokens.expire(visit.actor(), id);
        return switch (outcome) {
            case Outcome.Refused<?>(Problem problem) -> page(visit, 422, Sentence.of(problem));
            case Outcome.Done<?> _ -> {
                visit.session().tell("The token is useless from now on.");
                yield Replies.redirect(PATH);
            }
        };
    }

    private static int id(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException malformed) {
            throw new BadArgument("there is no token " + text);
        }
    }
}
