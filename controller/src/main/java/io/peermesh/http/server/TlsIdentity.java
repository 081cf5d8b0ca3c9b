package io.peermesh.http.server;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The server's key and certificate, PEM files in the data directory. A self-signed EC certificate
 * is made when there are none; an operator may replace the files.
 */
public final class TlsIdentity {
    /** Private key, PKCS #8, mode 0600. */
    public static final String KEY_FILE = "tls-key.pem";

    /** Certificate chain, leaf first. */
    public static final String CERTIFICATE_FILE = "tls-certificate.pem";

    private static final Duration BACKDATED = Duration.ofDays(1); // clocks differ
    private static final Duration VALIDITY = Duration.ofDays(3650);
    private static final char[] NO_PASSWORD = new char[0];

    private final PrivateKey key;
    private final List<X509Certificate> chain;

    private TlsIdentity(PrivateKey key, List<X509Certificate> chain) {
        this.key = key;
        this.chain = chain;
    }

    /**
     * Reads the files, or makes them.
     *
     * @param names host names and addresses that a new certificate is for
     */
    public static TlsIdentity open(
            Path dataDirectory, List<String> names, Instant now, SecureRandom random) {
        Path keyFile = dataDirectory.resolve(KEY_FILE);
        Path certificateFile = dataDirectory.resolve(CERTIFICATE_FILE);
        try {
            if (!Files.exists(keyFile) || !Files.exists(certificateFile)) {
                TlsIdentity made = generate(names, now, random);
                write(certificateFile, pem(made.chain.getFirst()));
                write(keyFile, pem(new JcaPKCS8Generator(made.key, null)));
            }
            return read(keyFile, certificateFile);
        } catch (IOException e) {
            throw new UncheckedIOException("TLS key and certificate in " + dataDirectory, e);
        } catch (GeneralSecurityException | OperatorCreationException | ClassCastException e) {
            throw new IllegalStateException(
                    "TLS key and certificate in "
                            + dataDirectory
                            + " are not usable; remove "
                            + KEY_FILE
                            + " and "
                            + CERTIFICATE_FILE
                            + " to have new ones made",
                    e);
        }
    }

    private static TlsIdentity generate(List<String> names, Instant now, SecureRandom random)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        KeyPair pair = generator.generateKeyPair();
        var subject =
                new X500NameBuilder(BCStyle.INSTANCE)
                        .addRDN(BCStyle.CN, names.getFirst())
                        .addRDN(BCStyle.O, "Peermesh")
                        .build();
        var builder =
                new JcaX509v3CertificateBuilder(
                        subject,
                        new BigInteger(120, random).setBit(119),
                        Date.from(now.minus(BACKDATED)),
                        Date.from(now.plus(VALIDITY)),
                        subject,
                        pair.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        builder.addExtension(Extension.subjectAlternativeName, false, alternativeNames(names));
        X509CertificateHolder holder =
                builder.build(
                        new JcaContentSignerBuilder("SHA256withECDSA")
                                .setSecureRandom(random)
                                .build(pair.getPrivate()));
        return new TlsIdentity(
                pair.getPrivate(),
                List.of(new JcaX509CertificateConverter().getCertificate(holder)));
    }

    private static GeneralNames alternativeNames(List<String> names) {
        return new GeneralNames(
                names.stream()
                        .distinct()
                        .map(name ->
                                new GeneralName(
                                        io.peermesh.ip.IpAddress.parse(name).isPresent()
                                                ? GeneralName.iPAddress
                                                : GeneralName.dNSName,
                                        name))
                        .toArray(GeneralName[]::new));
    }

    private static String pem(Object object) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }

    /** Complete or not at all, and never readable for others, not even for a moment. */
    private static void write(Path file, String text) throws IOException {
        Path temporary =
                Files.createTempFile(
                        file.toAbsolutePath().getParent(),
                        "tls",
                        ".tmp",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        Files.writeString(temporary, text);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static TlsIdentity read(Path keyFile, Path certificateFile)
            throws IOException, GeneralSecurityException {
        PrivateKey key;
        try (var parser = new PEMParser(new StringReader(Files.readString(keyFile)))) {
            var converter = new JcaPEMKeyConverter();
            key =
                    switch (parser.readObject()) {
                        case PrivateKeyInfo info -> converter.getPrivateKey(info);
                        case org.bouncycastle.openssl.PEMKeyPair pair ->
                                converter.getKeyPair(pair).getPrivate();
                        case null, default ->
                                throw new GeneralSecurityException(
                                        keyFile + " holds no private key");
                    };
        }
        var chain = new ArrayList<X509Certificate>();
        try (var parser = new PEMParser(new StringReader(Files.readString(certificateFile)))) {
            while (parser.readObject() instanceof X509CertificateHolder holder) {
                chain.add(new JcaX509CertificateConverter().getCertificate(holder));
            }
        }
        if (chain.isEmpty()) {
            throw new GeneralSecurityException(certificateFile + " holds no certificate");
        }
        return new TlsIdentity(key, List.copyOf(chain));
    }

    /** SHA-256 of the certificate, 64 hex digits; what a user compares. */
    public String fingerprint() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(chain.getFirst().getEncoded());
            return HexFormat.of().formatHex(digest);
        } catch (java.security.NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the certificate says. */
    public record Description(
            String subject, String issuer, List<String> names, Instant from, Instant until) {
        /** Copies the list. */
        public Description {
            names = List.copyOf(names);
        }
    }

    /** What the leaf says, for people. */
    public Description description() {
        X509Certificate leaf = chain.getFirst();
        var names = new ArrayList<String>();
        try {
            Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
            if (alternatives != null) {
                alternatives.forEach(each -> names.add(String.valueOf(each.get(1))));
            }
        } catch (CertificateParsingException unreadable) {
            names.add("unreadable");
        }
        return new Description(
                leaf.getSubjectX500Principal().getName(),
                leaf.getIssuerX500Principal().getName(),
                names,
                leaf.getNotBefore().toInstant(),
                leaf.getNotAfter().toInstant());
    }

    /** For a listener. */
    public SSLContext sslContext() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            store.setKeyEntry("server", key, NO_PASSWORD, chain.toArray(new Certificate[0]));
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("TLS key and certificate do not fit together", e);
        }
    }
}
