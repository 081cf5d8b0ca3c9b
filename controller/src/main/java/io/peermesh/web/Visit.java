package io.peermesh.web;

import io.peermesh.admin.Actor;
import io.peermesh.admin.Role;
import io.peermesh.admin.UserView;
import io.peermesh.http.server.Parameters;
import io.peermesh.http.server.Request;
import io.peermesh.web.session.Session;

/** A request of somebody who is logged in. */
record Visit(Request request, Session session, UserView user, Parameters form) {
    /** Who stands in the audit trail. */
    Actor actor() {
        return new Actor(user.name(), request.source());
    }

    /** A field of the form or the query, without blanks around it; empty when it was not sent. */
    String field(String name) {
        return form.text(name).map(String::strip).orElse("");
    }

    /** A text that was typed, or uploaded as a file, which wins. */
    String fileOrField(String name) {
        String file = field(name + "_file");
        return file.isEmpty() ? field(name) : file;
    }

    /** A field as it was sent, for passwords. */
    String exactField(String name) {
        return form.text(name).orElse("");
    }

    boolean mayOperate() {
        return user.role().allows(Role.OPERATOR);
    }

    boolean mayAdminister() {
        return user.role().allows(Role.ADMIN);
    }
}
