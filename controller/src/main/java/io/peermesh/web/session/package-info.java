/** Who is logged in to the web UI: sessions in memory, found by the hash of their cookie. */
@NullMarked
package io.peermesh.web.session;

import org.jspecify.annotations.NullMarked;
