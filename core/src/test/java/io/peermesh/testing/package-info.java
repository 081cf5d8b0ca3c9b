/** What tests of several packages share; no tests in here. */
@NullMarked
package io.peermesh.testing;

import org.jspecify.annotations.NullMarked;
