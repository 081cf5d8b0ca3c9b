package io.peermesh.http.vns3;

import io.peermesh.admin.PackFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A clientpack in an archive of one file. The same pack gives the same bytes. */
final class PackArchive {
    private static final int BLOCK_BYTES = 512;

    private PackArchive() {}

    static byte[] zip(PackFile pack) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            var entry = new ZipEntry(pack.fileName());
            entry.setTimeLocal(java.time.LocalDateTime.of(1980, 1, 1, 0, 0));
            zip.putNextEntry(entry);
            zip.write(pack.text().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return bytes.toByteArray();
    }

    static byte[] tarGz(PackFile pack) {
        byte[] content = pack.text().getBytes(StandardCharsets.UTF_8);
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(tarHeader(pack.fileName(), content.length));
            gzip.write(content);
            gzip.write(new byte[-content.length & (BLOCK_BYTES - 1)]);
            gzip.write(new byte[2 * BLOCK_BYTES]);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return bytes.toByteArray();
    }

    /**
     * A ustar header (POSIX.1-1988), numbers in octal:
     *
     * <pre>
     *   0    name[100]   mode[8]   uid[8]   gid[8]   size[12]   mtime[12]
     *   148  checksum[8] type[1]   linkname[100]
     *   257  "ustar\0"   "00"      owner and group names, device numbers, prefix: all zero
     * </pre>
     *
     * <p>The checksum is the sum of the header's bytes with blanks in its own place.
     */
    private static byte[] tarHeader(String name, int size) {
        byte[] header = new byte[BLOCK_BYTES];
        put(header, 0, name);
        put(header, 100, "0000600\0");
        put(header, 108, "0000000\0");
        put(header, 116, "0000000\0");
        put(header, 124, "%011o\0".formatted(size));
        put(header, 136, "%011o\0".formatted(0));
        Arrays.fill(header, 148, 156, (byte) ' ');
        put(header, 156, "0");
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, "%06o\0 ".formatted(sum));
        return header;
    }

    private static void put(byte[] header, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }
}
