package io.peermesh.ip;

import java.util.Optional;

/** The text forms of addresses: strict dotted quads, and RFC 4291 in, RFC 5952 out for IPv6. */
final class AddressText {
    private static final int MAX_LENGTH = 45;

    private AddressText() {}

    static Optional<IpAddress> parse(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        return text.indexOf(':') >= 0 ? parseV6(text) : parseV4(text);
    }

    private static Optional<IpAddress> parseV4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        int bits = 0;
        for (String part : parts) {
            int octet = number(part, 10, 3, 255);
            if (octet < 0 || (part.length() > 1 && part.charAt(0) == '0')) {
                return Optional.empty();
            }
            bits = bits << 8 | octet;
        }
        return Optional.of(IpAddress.v4(bits));
    }

    private static Optional<IpAddress> parseV6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return Optional.empty();
        }
        String head = gap < 0 ? text : text.substring(0, gap);
        String tail = gap < 0 ? "" : text.substring(gap + 2);
        int[] groups = new int[8];
        int headCount = groups(head, groups, gap < 0);
        if (headCount < 0) {
            return Optional.empty();
        }
        if (gap < 0) {
            return headCount == 8 ? Optional.of(join(groups)) : Optional.empty();
        }
        int[] tailGroups = new int[8];
        int tailCount = groups(tail, tailGroups, true);
        if (tailCount < 0 || headCount + tailCount > 7) {
            return Optional.empty();
        }
        System.arraycopy(tailGroups, 0, groups, 8 - tailCount, tailCount);
        return Optional.of(join(groups));
    }

    /**
     * Reads colon-separated groups; -1 when malformed.
     *
     * @param atEnd whether the address ends here, so that the last may be a dotted quad
     */
    private static int groups(String text, int[] into, boolean atEnd) {
        if (text.isEmpty()) {
            return 0;
        }
        int count = 0;
        String[] parts = text.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            if (atEnd && i == parts.length - 1 && parts[i].indexOf('.') >= 0 && count <= 6) {
                Optional<IpAddress> quad = parseV4(parts[i]);
                if (quad.isEmpty()) {
                    return -1;
                }
                int bits = quad.get().v4Bits();
                into[count++] = bits >>> 16;
                into[count++] = bits & 0xffff;
                continue;
            }
            int group = number(parts[i], 16, 4, 0xffff);
            if (group < 0 || count == 8) {
                return -1;
            }
            into[count++] = group;
        }
        return count;
    }

    private static IpAddress join(int[] groups) {
        long hi = 0;
        long lo = 0;
        for (int i = 0; i < 4; i++) {
            hi = hi << 16 | groups[i];
            lo = lo << 16 | groups[4 + i];
        }
        return new IpAddress(hi, lo);
    }

    /** An unsigned number of at most {@code digits} digits up to {@code max}; -1 when malformed. */
    static int number(String text, int radix, int digits, int max) {
        if (text.isEmpty() || text.length() > digits) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int digit = c < 128 ? Character.digit(c, radix) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
        }
        return value <= max ? value : -1;
    }

    static String format(IpAddress address) {
        return address.isV4() ? formatV4(address.v4Bits()) : formatV6(address);
    }

    private static String formatV4(int bits) {
        return (bits >>> 24)
                + "."
                + (bits >>> 16 & 255)
                + "."
                + (bits >>> 8 & 255)
                + "."
                + (bits & 255);
    }

    private static String formatV6(IpAddress address) {
        int[] groups = new int[8];
        for (int i = 0; i < 4; i++) {
            groups[i] = (int) (address.hi() >>> (48 - 16 * i)) & 0xffff;
            groups[4 + i] = (int) (address.lo() >>> (48 - 16 * i)) & 0xffff;
        }
        int start = -1;
        int length = 1; // RFC 5952 §4.2.2: one zero group is not shortened
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
            i = Math.max(i, end - 1);
        }
        var text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
                continue;
            }
            if (i > 0 && i != start + length) {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
