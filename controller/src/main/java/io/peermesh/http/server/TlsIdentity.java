package io.peermesh.http.server;

import io.peermesh.admin.ServerCertificate;
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
import java.security.Signature;
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
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

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

    /** Longest chain. */
    static final int MAX_CERTIFICATES = 10;

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
                made.store(dataDirectory);
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
        return parse(Files.readString(keyFile), Files.readString(certificateFile));
    }

    /**
     * Reads both as PEM.
     *
     * @param certificates the server's first
     * @throws GeneralSecurityException in words for the operator, without anything of the key
     */
    static TlsIdentity parse(String key, String certificates)
            throws IOException, GeneralSecurityException {
        var chain = new ArrayList<X509Certificate>();
        try (var parser = new PEMParser(new StringReader(certificates))) {
            while (parser.readObject() instanceof X509CertificateHolder holder) {
                chain.add(new JcaX509CertificateConverter().getCertificate(holder));
            }
        } catch (IOException | RuntimeException malformed) {
            throw new GeneralSecurityException("the certificate is no PEM text");
        }
        if (chain.isEmpty() || chain.size() > MAX_CERTIFICATES) {
            throw new GeneralSecurityException(
                    "there must be 1 to " + MAX_CERTIFICATES + " certificates, as PEM");
        }
        return new TlsIdentity(parseKey(key), List.copyOf(chain));
    }

    private static PrivateKey parseKey(String key) throws GeneralSecurityException {
        try (var parser = new PEMParser(new StringReader(key))) {
            var converter = new JcaPEMKeyConverter();
            Object found = parser.readObject();
            if (found instanceof X9ECParameters || found instanceof ASN1ObjectIdentifier) {
                found = parser.readObject(); // "openssl ecparam" writes the curve first
            }
            return switch (found) {
                case PrivateKeyInfo info -> converter.getPrivateKey(info);
                case PEMKeyPair pair -> converter.getKeyPair(pair).getPrivate();
                case PKCS8EncryptedPrivateKeyInfo _ -> throw encrypted();
                case PEMEncryptedKeyPair _ -> throw encrypted();
                case null, default -> throw new GeneralSecurityException("there is no private key");
            };
        } catch (IOException | RuntimeException malformed) {
            throw new GeneralSecurityException("the private key is no PEM text");
        }
    }

    private static GeneralSecurityException encrypted() {
        return new GeneralSecurityException(
                "the private key is encrypted; decrypt it first, with openssl pkey -in FILE");
    }

    /** Whether a listener can use it now. */
    void requireUsable(Instant now) throws GeneralSecurityException {
        X509Certificate leaf = chain.getFirst();
        if (now.isAfter(leaf.getNotAfter().toInstant())) {
            throw new GeneralSecurityException(
                    "the certificate expired at " + leaf.getNotAfter().toInstant());
        }
        if (now.isBefore(leaf.getNotBefore().toInstant())) {
            throw new GeneralSecurityException(
                    "the certificate is not valid before " + leaf.getNotBefore().toInstant());
        }
        if (!fits(leaf)) {
            throw new GeneralSecurityException(
                    "the private key is not that of the first certificate");
        }
        for (int at = 1; at < chain.size(); at++) {
            try {
                chain.get(at - 1).verify(chain.get(at).getPublicKey());
            } catch (GeneralSecurityException e) {
                throw new GeneralSecurityException(
                        "certificate " + (at + 1) + " did not issue the one before it");
            }
        }
    }

    /** Whether what the key signs is verified by the certificate. */
    private boolean fits(X509Certificate leaf) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC", "ECDSA" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        try {
            byte[] text = leaf.getEncoded();
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(leaf);
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }

    /** Writes the files. */
    void store(Path dataDirectory) throws IOException {
        var text = new StringBuilder();
        for (X509Certificate each : chain) {
            text.append(pem(each));
        }
        write(dataDirectory.resolve(CERTIFICATE_FILE), text.toString());
        write(dataDirectory.resolve(KEY_FILE), pem(new JcaPKCS8Generator(key, null)));
    }

    private String fingerprint() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(chain.getFirst().getEncoded());
            return HexFormat.of().formatHex(digest);
        } catch (java.security.NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the server's certificate says. */
    ServerCertificate.View view() {
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
        return new ServerCertificate.View(
                leaf.getSubjectX500Principal().getName(),
                leaf.getIssuerX500Principal().getName(),
                names,
                leaf.getNotBefore().toInstant(),
                leaf.getNotAfter().toInstant(),
                fingerprint());
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
