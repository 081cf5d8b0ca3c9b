/** What the templates are given: records of texts that are ready to be shown. */
@NullMarked
package io.peermesh.web.view;

import org.jspecify.annotations.NullMarked;
