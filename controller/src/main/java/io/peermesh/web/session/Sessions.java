package io.peermesh.web.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * All sessions of this process; a restart ends them. A session is found by the SHA-256 of the 256
 * random bits in its cookie. Safe from any thread.
 */
public final class Sessions {
    /** A session that is not used ends after this. */
    public static final Duration IDLE = Duration.ofMinutes(30);

    /** Any session ends after this. */
    public static final Duration LONGEST = Duration.ofHours(12);

    /** Most sessions of one user; the one that was used least lately ends for a new one. */
    public static final int MAX_PER_USER = 16;

    /** Most sessions in all, likewise. */
    public static final int MAX_SESSIONS = 500;

    private static final int TOKEN_BYTES = 32;

    private final InstantSource clock;
    private final SecureRandom random;
    private final Map<String, Session> byHash = new LinkedHashMap<>(); // guarded by this

    /** None yet. */
    public Sessions(InstantSource clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
    }

    /** A new session; answers the content of its cookie, which is kept nowhere. */
    public String open(String userName, String stamp, String source) {
        String cookie = token();
        var session = new Session(userName, stamp, token(), source, clock.instant());
        synchronized (this) {
            removeEnded();
            makeRoom(each -> each.userName().equals(userName), MAX_PER_USER);
            makeRoom(_ -> true, MAX_SESSIONS);
            byHash.put(hash(cookie), session);
        }
        return cookie;
    }

    private void makeRoom(Predicate<Session> counted, int most) {
        List<Map.Entry<String, Session>> present =
                byHash.entrySet().stream()
                        .filter(entry -> counted.test(entry.getValue()))
                        .sorted(Comparator.comparing(entry -> entry.getValue().used()))
                        .toList();
        for (int i = 0; i <= present.size() - most; i++) {
            byHash.remove(present.get(i).getKey());
        }
    }

    /** The session of a cookie, which counts as used now. */
    public Optional<Session> use(String cookie) {
        Optional<Session> session = find(cookie);
        session.ifPresent(each -> each.touch(clock.instant()));
        return session;
    }

    /** The session of a cookie, without using it: what a page does by itself keeps none alive. */
    public synchronized Optional<Session> find(String cookie) {
        removeEnded();
        return Optional.ofNullable(byHash.get(hash(cookie)));
    }

    private void removeEnded() {
        Instant now = clock.instant();
        byHash.values().removeIf(session -> isOver(session, now));
    }

    private static boolean isOver(Session session, Instant now) {
        return !now.isBefore(session.used().plus(IDLE))
                || !now.isBefore(session.opened().plus(LONGEST));
    }

    /** Ends one session. */
    public synchronized void close(Session session) {
        byHash.values().removeIf(each -> each == session);
    }

    /** Ends all sessions of a user. */
    public synchronized void closeAll(String userName) {
        byHash.values().removeIf(each -> each.userName().equals(userName));
    }

    /** Open sessions of a user. */
    public synchronized List<Session> of(String userName) {
        removeEnded();
        return byHash.values().stream().filter(each -> each.userName().equals(userName)).toList();
    }

    /** 256 random bits as text. */
    public String token() {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String hash(String cookie) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(cookie.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }
}
