package io.peermesh.web.session;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** One log-in. The cookie that belongs to it is not kept. Safe from any thread. */
public final class Session {
    /** Told to the user on the next page. */
    public record Notice(boolean isProblem, String text) {}

    private final String userName;
    private final String stamp;
    private final String formToken;
    private final String source;
    private final Instant opened;
    private volatile Instant used;
    private final AtomicReference<Optional<Notice>> notice =
            new AtomicReference<>(Optional.empty());

    Session(String userName, String stamp, String formToken, String source, Instant now) {
        this.userName = userName;
        this.stamp = stamp;
        this.formToken = formToken;
        this.source = source;
        this.opened = now;
        this.used = now;
    }

    /** Who logged in. */
    public String userName() {
        return userName;
    }

    /** Of the password that was used; another stamp of the user ends the session. */
    public String stamp() {
        return stamp;
    }

    /** Stands in every form, so that no other site can send one. */
    public String formToken() {
        return formToken;
    }

    /** Address that it was opened from. */
    public String source() {
        return source;
    }

    /** When it was opened. */
    public Instant opened() {
        return opened;
    }

    /** When it was last used. */
    public Instant used() {
        return used;
    }

    void touch(Instant now) {
        used = now;
    }

    /** Keeps a text for the next page. */
    public void tell(String text) {
        notice.set(Optional.of(new Notice(false, text)));
    }

    /** Keeps the reason of a failure for the next page. */
    public void complain(String text) {
        notice.set(Optional.of(new Notice(true, text)));
    }

    /** What was kept for this page; only once. */
    public Optional<Notice> takeNotice() {
        return notice.getAndSet(Optional.empty());
    }

    @Override
    public String toString() {
        return "Session[" + userName + " from " + source + "]"; // the form token is secret
    }
}
