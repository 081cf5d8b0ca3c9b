package io.peermesh.web.view;

/**
 * A row of the form <i>Controller Peering</i>.
 *
 * @param choice {@code self}, {@code unset} or {@code address}
 * @param wrong what is wrong with it; empty when nothing is
 * @param test the outcome of a test; empty for none
 */
public record PeeringRowView(
        int id,
        String overlayAddress,
        String choice,
        String address,
        String mtu,
        String wrong,
        String test,
        boolean testIsGood) {
    /** The same with another complaint. */
    public PeeringRowView withWrong(String text) {
        return new PeeringRowView(id, overlayAddress, choice, address, mtu, text, test, testIsGood);
    }

    /** The same with the outcome of a test. */
    public PeeringRowView withTest(boolean isGood, String text) {
        return new PeeringRowView(id, overlayAddress, choice, address, mtu, wrong, text, isGood);
    }
}
