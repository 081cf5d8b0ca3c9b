package io.peermesh.node;

/** Something that has to be called at a time that it knows itself; kept by {@link Deadlines}. */
abstract class Timed {
    /** Where {@link Deadlines} holds it; {@link Deadlines#NONE} while it does not. */
    long scheduledNanos = Deadlines.NONE;

    /** Whether others go first when there is more to do than one turn shall take. */
    boolean mayWait() {
        return false;
    }

    /** Does what is due. */
    abstract void onDue(long nowNanos);

    /** When {@link #onDue} wants to be called next; {@link Deadlines#NONE} for never. */
    abstract long deadlineNanos();
}
