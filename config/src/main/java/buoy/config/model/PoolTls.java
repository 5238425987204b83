package buoy.config.model;

import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code pools.NAME.tls}: TLS towards the servers; the same of {@code health.patroni}.
 *
 * @param verify whether a server has to prove who it is
 * @param ca who may vouch for a server; empty means the authorities that this system trusts
 * @param serverName what a server has to be called; empty means its address
 * @param certificate shown to servers that ask for one, by its configured name
 */
public record PoolTls(
        boolean verify,
        Optional<Path> ca,
        Optional<String> serverName,
        Optional<String> certificate) {}
