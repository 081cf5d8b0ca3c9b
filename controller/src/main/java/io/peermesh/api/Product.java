package io.peermesh.api;

/** Versions that others rely on. */
public final class Product {
    /** Version of Peermesh. */
    public static final String VERSION = "0.1.0";

    /**
     * The version of the VNS3 API that we speak, in the form that its clients parse: at most three
     * numbers before the dash, within 4.8.4 and 6.99.99.
     */
    public static final String VNS3_VERSION = "6.2.1-peermesh";

    private Product() {}
}
