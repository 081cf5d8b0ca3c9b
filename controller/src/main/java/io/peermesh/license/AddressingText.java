package io.peermesh.license;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The text form in which accepted parameters are stored and travel to other controllers; the same
 * addresses always have the same text.
 *
 * <pre>
 *   overlay=10.199.0.0/24
 *   controllers=10.199.0.253 10.199.0.252
 *   asns=65001 65002
 *   clients=10.199.0.1-10.199.0.50,10.199.0.60
 *   vip=10.199.0.254
 * </pre>
 */
public final class AddressingText {
    /** Longest text that is read, characters: 60,000 single addresses fit. */
    public static final int MAX_CHARACTERS = 1_100_000;

    private static final List<String> NAMES =
            List.of("overlay=", "controllers=", "asns=", "clients=", "vip=");

    private AddressingText() {}

    /** Writes. */
    public static String format(Addressing addressing) {
        return String.join(
                "\n",
                NAMES.get(0) + addressing.overlay(),
                NAMES.get(1) + join(addressing.controllers()),
                NAMES.get(2) + join(addressing.asns()),
                NAMES.get(3) + formatRanges(addressing.clients()),
                NAMES.get(4) + addressing.virtualAddress());
    }

    /** Reads what {@link #format} wrote; empty for anything else, faulty addresses included. */
    public static Optional<Addressing> parse(String text) {
        List<String> lines = List.of(text.split("\n", -1));
        if (text.length() > MAX_CHARACTERS || lines.size() != NAMES.size()) {
            return Optional.empty();
        }
        var values = new ArrayList<String>();
        for (int i = 0; i < NAMES.size(); i++) {
            if (!lines.get(i).startsWith(NAMES.get(i))) {
                return Optional.empty();
            }
            values.add(lines.get(i).substring(NAMES.get(i).length()));
        }
        Optional<Prefix> overlay = Prefix.parse(values.get(0));
        Optional<List<IpAddress>> controllers = parseAddresses(values.get(1));
        Optional<List<Integer>> asns = parseNumbers(values.get(2));
        Optional<List<IpAddress>> clients = parseRanges(values.get(3));
        Optional<IpAddress> virtual = IpAddress.parse(values.get(4));
        if (overlay.isEmpty()
                || controllers.isEmpty()
                || asns.isEmpty()
                || clients.isEmpty()
                || virtual.isEmpty()) {
            return Optional.empty();
        }
        var addressing =
                new Addressing(
                        overlay.get(), controllers.get(), asns.get(), clients.get(), virtual.get());
        return addressing.fault().isEmpty() ? Optional.of(addressing) : Optional.empty();
    }

    /** Addresses separated by blanks or commas; empty when one is malformed. */
    public static Optional<List<IpAddress>> parseAddresses(String text) {
        var addresses = new ArrayList<IpAddress>();
        for (String part : parts(text, "[\\s,]+")) {
            Optional<IpAddress> address = IpAddress.parse(part);
            if (address.isEmpty()) {
                return Optional.empty();
            }
            addresses.add(address.get());
        }
        return Optional.of(List.copyOf(addresses));
    }

    /** Numbers 0..2147483647 separated by blanks or commas; empty when one is malformed. */
    public static Optional<List<Integer>> parseNumbers(String text) {
        var numbers = new ArrayList<Integer>();
        for (String part : parts(text, "[\\s,]+")) {
            if (!part.matches("[0-9]{1,10}") || Long.parseLong(part) > Integer.MAX_VALUE) {
                return Optional.empty();
            }
            numbers.add(Integer.parseInt(part));
        }
        return Optional.of(List.copyOf(numbers));
    }

    /** Single addresses and ranges {@code first-last}; empty when malformed or over 60,000. */
    public static Optional<List<IpAddress>> parseRanges(String text) {
        var addresses = new ArrayList<IpAddress>();
        for (String part : parts(text, "[\\s,]+")) {
            String[] ends = part.split("-", -1);
            Optional<IpAddress> first = IpAddress.parse(ends[0]);
            Optional<IpAddress> last = IpAddress.parse(ends[ends.length - 1]);
            if (ends.length > 2 || !isRange(first, last, LicenseClaims.MAX_CLIENTS)) {
                return Optional.empty();
            }
            int from = first.orElseThrow().v4Bits();
            for (int i = 0; i <= last.orElseThrow().v4Bits() - from; i++) {
                addresses.add(IpAddress.v4(from + i));
            }
            if (addresses.size() > LicenseClaims.MAX_CLIENTS) {
                return Optional.empty();
            }
        }
        return Optional.of(List.copyOf(addresses));
    }

    private static boolean isRange(
            Optional<IpAddress> first, Optional<IpAddress> last, int longest) {
        if (first.isEmpty() || last.isEmpty() || !first.get().isV4() || !last.get().isV4()) {
            return false;
        }
        long length =
                Integer.toUnsignedLong(last.get().v4Bits())
                        - Integer.toUnsignedLong(first.get().v4Bits())
                        + 1;
        return length >= 1 && length <= longest;
    }

    /** The shortest text of a list of addresses: neighbours become ranges. */
    public static String formatRanges(List<IpAddress> addresses) {
        var parts = new ArrayList<String>();
        for (int i = 0; i < addresses.size(); ) {
            int end = i;
            while (end + 1 < addresses.size()
                    && addresses.get(end + 1).v4Bits() == addresses.get(end).v4Bits() + 1) {
                end++;
            }
            parts.add(
                    end == i ? "" + addresses.get(i) : addresses.get(i) + "-" + addresses.get(end));
            i = end + 1;
        }
        return String.join(",", parts);
    }

    private static List<String> parts(String text, String separator) {
        String stripped = text.strip();
        return stripped.isEmpty() ? List.of() : List.of(stripped.split(separator, -1));
    }

    private static String join(List<?> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
}
