/** The web UI over HTTP without a browser, and in one. */
@NullMarked
package io.peermesh.web;

import org.jspecify.annotations.NullMarked;
