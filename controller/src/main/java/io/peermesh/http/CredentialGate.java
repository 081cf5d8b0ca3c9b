package io.peermesh.http;

import io.peermesh.admin.CredentialAdmin;
import io.peermesh.admin.Login;
import io.peermesh.admin.TokenAdmin;
import io.peermesh.http.server.Credentials;
import io.peermesh.http.server.Gate;
import java.nio.charset.StandardCharsets;

/**
 * Either credential suffices. The token is tried first, because it is cheap to check; a request
 * that is admitted by one of two does not count as a failure of the other.
 */
final class CredentialGate implements Gate {
    private final CredentialAdmin passwords;
    private final TokenAdmin tokens;

    CredentialGate(CredentialAdmin passwords, TokenAdmin tokens) {
        this.passwords = passwords;
        this.tokens = tokens;
    }

    @Override
    public Verdict check(Credentials credentials, String source) {
        Verdict verdict = new Verdict.Refused();
        if (credentials.token().isPresent()) {
            String token = new String(credentials.token().get().reveal(), StandardCharsets.UTF_8);
            verdict = verdict(tokens.login(token, source));
        }
        if (!(verdict instanceof Verdict.Admitted) && credentials.basic().isPresent()) {
            Credentials.Basic basic = credentials.basic().get();
            String password = new String(basic.password().reveal(), StandardCharsets.UTF_8);
            verdict = verdict(passwords.loginApi(basic.user(), password, source));
        }
        return verdict;
    }

    private static Verdict verdict(Login login) {
        return switch (login) {
            case Login.Granted(var actor) -> new Verdict.Admitted(actor);
            case Login.Refused() -> new Verdict.Refused();
            case Login.Throttled(int seconds) -> new Verdict.Throttled(seconds);
        };
    }
}
