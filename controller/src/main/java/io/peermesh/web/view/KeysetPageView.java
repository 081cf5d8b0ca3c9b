package io.peermesh.web.view;

import java.util.Optional;

/**
 * The keyset on its page.
 *
 * @param licensed whether a keyset can be generated here
 * @param failure why the last attempt failed; empty when it did not
 */
public record KeysetPageView(
        boolean licensed,
        boolean present,
        boolean inProgress,
        long runningSeconds,
        String checksum,
        String failure,
        Optional<Moment> failedAt,
        Optional<Moment> created) {}
