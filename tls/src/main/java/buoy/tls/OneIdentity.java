package buoy.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A key manager that has one identity and shows it to whoever can use its kind of key: as a server,
 * and as a client to servers that ask for one.
 */
final class OneIdentity extends X509ExtendedKeyManager {
    private static final String ALIAS = "one";

    private final X509Certificate[] chain;
    private final PrivateKey key;
    private final String keyType;

    OneIdentity(Identity identity) {
        chain = identity.chain().toArray(X509Certificate[]::new);
        key = identity.key();
        keyType = identity.ecdsa() ? "EC" : "RSA";
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        // The JDK asks by signature scheme as well: "EC", "RSA", but also "RSASSA-PSS".
        return type.equals(keyType) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseServerAlias(
            String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(type, issuers, null);
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
        return type.equals(keyType) ? new String[] {ALIAS} : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return chain.clone();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return key;
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
        return getServerAliases(type, issuers);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineClientAlias(types, issuers, null);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return Arrays.asList(types).contains(keyType) ? ALIAS : null;
    }
}
