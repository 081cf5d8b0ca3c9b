package io.peermesh.agent;

/** The agent cannot do what it was asked to; the message is for the operator and holds no key. */
final class AgentException extends RuntimeException {
    private static final long serialVersionUID = 1;

    AgentException(String message) {
        super(message);
    }
}
