package io.peermesh.admin;

import java.util.Optional;

/**
 * A change of one clientpack; what is empty stays.
 *
 * @param regenerate new keys; the old pack stops working everywhere
 */
public record PackChange(
        Optional<Boolean> enabled, Optional<Boolean> checkedOut, boolean regenerate) {}
