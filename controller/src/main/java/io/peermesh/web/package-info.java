/**
 * The web UI: pages that the controller's own server renders, one class each, over the use cases in
 * {@code admin}. {@link io.peermesh.web.Door} lets users in, {@link io.peermesh.web.Views} renders
 * the templates of {@code src/main/jte}, whose parameters are the records of {@code web.view}.
 * Every form works without JavaScript; with it, {@code live.js} keeps the live parts up to date.
 */
@NullMarked
package io.peermesh.web;

import org.jspecify.annotations.NullMarked;
