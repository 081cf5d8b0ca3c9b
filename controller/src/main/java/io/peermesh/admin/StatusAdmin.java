package io.peermesh.admin;

/** The running state. */
@SuppressWarnings("DoNotCallSuggester") // the bodies land next
public final class StatusAdmin {
    StatusAdmin() {}

    /** What the mesh does now. */
    public MeshView mesh() {
        throw new UnsupportedOperationException();
    }

    /** The same, refused with {@link Problem#UNLICENSED} before a license is final. */
    public Outcome<MeshView> licensedMesh() {
        throw new UnsupportedOperationException();
    }
}
