package buoy.tls;

import buoy.config.model.ListenerTls;
import buoy.config.model.Secret;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslHandler;
import java.security.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.conscrypt.Conscrypt;
import org.conscrypt.ServerEngines;

/**
 * TLS of one listener: its certificates, versions and protocols, proven to work. Shared by all
 * workers; {@link #look} gives the next connections what the files hold by then, and a reload makes
 * a new one. Connections keep what accepted them.
 */
public final class ServerTls {
    /** For a whole handshake; those that take longer are not clients but slowloris. */
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);

    private static final Challenges NO_CHALLENGES = new Challenges();

    /** Of the settings in the configuration; tickets of listeners are told apart by it. */
    private final String path;

    private final ListenerTls settings;
    private final Certificates certificates;

    /** Empty where clients are not asked for certificates. */
    private final Optional<ClientTrustFiles> trustFiles;

    /** Empty where clients resume within this process alone. */
    private final Optional<TicketSource> tickets;

    /** Replaced, never changed. */
    private volatile Showing showing;

    /**
     * What new connections get.
     *
     * @param clients whom to ask for a certificate, and which
     * @param resumption what they may resume, and who makes the engines
     * @param engines the first is the default; empty while all are still being ordered
     * @param oneForAll whether there is nothing to choose and nobody to refuse, so that nobody
     *     needs to read the ClientHello
     */
    private record Showing(
            Optional<ClientTrust> clients,
            Resumption resumption,
            List<Engines> engines,
            Identities<Engines> choice,
            boolean oneForAll) {}

    private ServerTls(
            String path,
            ListenerTls settings,
            Certificates certificates,
            Optional<ClientTrustFiles> trustFiles,
            Optional<ClientTrust> clients,
            Optional<TicketSource> tickets,
            Instant now,
            Optional<ServerTls> before) {
        this.path = path;
        this.settings = settings;
        this.certificates = certificates;
        this.trustFiles = trustFiles;
        this.tickets = tickets;
        this.showing =
                showing(
                        clients,
                        before.map(was -> was.showing)
                                .filter(was -> was.clients().equals(clients))
                                .map(Showing::resumption)
                                .filter(was -> tickets.isEmpty() && !(was instanceof SharedTickets))
                                .orElseGet(() -> freshResumption(clients, now)),
                        List.of());
    }

    private Resumption freshResumption(Optional<ClientTrust> clients, Instant now) {
        if (tickets.isPresent()) {
            return new SharedTickets(tickets.get(), TicketSchedule.scope(path, clients), now);
        }
        return certificates.provider() == null
                ? new Resumption.OfIdentity()
                : new Resumption.InProcess(new ServerEngines.Sessions());
    }

    /**
     * For status and metrics.
     *
     * @param name under {@code certificates} in the configuration, and of its files where that is a
     *     directory
     * @param names DNS names it is shown for
     * @param notAfter end of validity of the chain, whichever certificate in it ends first
     */
    public record Shown(String name, List<String> names, Instant notAfter) {
        public Shown {
            names = List.copyOf(names);
        }
    }

    /**
     * TLS with certificates that were read. Reads the files of {@code client} too; not for a
     * worker.
     *
     * @param path of the settings in the configuration, for problems
     * @param certificates every name in {@code settings} must be among them
     * @param peers what all hosts know, of which keys for tickets can be made
     * @param now decides what has expired
     * @param before what ran under this name until now, whose clients resume
     */
    public static Loading<ServerTls> load(
            String path,
            ListenerTls settings,
            Certificates certificates,
            Optional<Secret> peers,
            Instant now,
            Optional<ServerTls> before) {
        IdentityFiles files = new IdentityFiles(certificates.provider(), now);
        if (settings.certificates().stream()
                .allMatch(
                        name ->
                                certificates.shown(name).isEmpty()
                                        && certificates.awaited(name).isEmpty())) {
            files.problems.add(
                    new Finding(
                            path + ".certificates", "leaves no certificate that could be shown"));
        }
        Optional<ClientTrustFiles> trustFiles =
                settings.client().map(client -> new ClientTrustFiles(path + ".client", client));
        Optional<ClientTrust> clients = trustFiles.flatMap(each -> each.read(files, now));
        Optional<TicketSource> tickets =
                settings.tickets().flatMap(each -> tickets(path + ".tickets", each, peers, files));
        return files.problems.isEmpty()
                ? new Loading.Ready<>(
                        new ServerTls(
                                path,
                                settings,
                                certificates,
                                trustFiles,
                                clients,
                                tickets,
                                now,
                                before),
                        files.warnings)
                : new Loading.Refused<>(files.problems);
    }

    private static Optional<TicketSource> tickets(
            String path,
            ListenerTls.Tickets settings,
            Optional<Secret> peers,
            IdentityFiles files) {
        if (!OpenSsl.isAvailable()) {
            files.problems.add(
                    new Finding(
                            path,
                            "netty-tcnative, which can be given keys, has no library for this"
                                    + " machine (remove tickets; clients resume within this"
                                    + " process)"));
            return Optional.empty();
        }
        return TicketSource.read(path, settings, peers, files);
    }

    /**
     * Shows new connections what the files hold now. Blocks on the disk; by one thread at a time.
     *
     * @param certificatesChanged since the last look
     * @return what is new about the files of clients and tickets
     */
    public List<CertificateEvent> look(Instant now, boolean certificatesChanged) {
        List<CertificateEvent> news = new ArrayList<>();
        Optional<ClientTrust> clients = trustFiles.flatMap(files -> files.look(now, news));
        tickets.ifPresent(source -> source.look(now, news));
        if (clients.isPresent()) {
            // Nobody resumes what was begun under the old ones.
            showing = showing(clients, freshResumption(clients, now), List.of());
        } else if (certificatesChanged) {
            showing = showing(showing.clients(), showing.resumption(), showing.engines());
        }
        showing.resumption().look(now);
        return news;
    }

    /**
     * @param before are used again where their identity is the same
     */
    private Showing showing(
            Optional<ClientTrust> clients, Resumption resumption, List<Engines> before) {
        IdentityHashMap<Identity, Engines> known = new IdentityHashMap<>();
        before.forEach(each -> known.put(each.identity(), each));
        Terms terms = new Terms(Policies.of(settings), settings.alpn(), clients, settings.ocsp());
        List<Engines> engines = new ArrayList<>();
        Set<String> awaited = new HashSet<>();
        for (String name : settings.certificates()) {
            awaited.addAll(certificates.awaited(name));
            for (Identity identity : certificates.shown(name)) {
                engines.add(known.computeIfAbsent(identity, id -> resumption.engines(id, terms)));
            }
        }
        boolean refuseUnknown = settings.unknownNames() == ListenerTls.UnknownNames.REJECT;
        return new Showing(
                clients,
                resumption,
                List.copyOf(engines),
                new Identities<>(
                        engines,
                        awaited,
                        e -> e.identity().names(),
                        e -> e.identity().ecdsa(),
                        refuseUnknown),
                engines.size() == 1 && awaited.isEmpty() && !refuseUnknown);
    }

    /**
     * Puts TLS at the end of a new connection's pipeline; the caller's handlers follow. They see
     * {@code channelActive} at once, then exactly one {@link TlsOutcome} as a user event, and bytes
     * in clear only after {@link TlsOutcome.Established}. After {@link TlsOutcome.Failed} the
     * connection is closed here. Later, Netty's {@code SslCloseCompletionEvent} says that the
     * client will send no more (its close_notify): the same as end of input.
     */
    public void install(ChannelPipeline pipeline) {
        install(pipeline, NO_CHALLENGES);
    }

    /**
     * As {@link #install(ChannelPipeline)}, and a CA that asks is shown its answer. Its connection
     * ends with {@link TlsOutcome.Failed} too.
     */
    public void install(ChannelPipeline pipeline, Challenges challenges) {
        TlsOutcomeHandler outcome = new TlsOutcomeHandler(HANDSHAKE);
        Showing now = showing;
        if (!now.oneForAll() || challenges.anyTls()) {
            pipeline.addLast(new ClientHelloHandler(now.choice(), challenges), outcome);
        } else {
            Engines only = now.engines().getFirst();
            outcome.shows(only, Optional.empty());
            pipeline.addLast(handler(only, pipeline.channel().alloc()), outcome);
        }
    }

    public List<Shown> certificates() {
        return showing.engines().stream().map(ServerTls::shown).toList();
    }

    /**
     * What a new client is shown that can use keys of any kind; empty where it is refused.
     *
     * @param serverName that it asks for, in lower case without a final dot; empty if for none
     */
    public Optional<Shown> shownTo(Optional<String> serverName) {
        return showing.choice()
                .choose(new ClientHello(serverName, true, false))
                .map(ServerTls::shown);
    }

    private static Shown shown(Engines engines) {
        Identity id = engines.identity();
        return new Shown(id.certificate(), id.names(), id.notAfter());
    }

    /** Those that OCSP responses are wanted for, and that can show them. */
    List<Identity> stapled() {
        Showing now = showing;
        return settings.ocsp() && now.resumption().staples()
                ? now.engines().stream().map(Engines::identity).toList()
                : List.of();
    }

    static SslHandler handler(Engines engines, ByteBufAllocator alloc) {
        SslHandler handler = new FreeingSslHandler(engines.engine(alloc));
        handler.setHandshakeTimeoutMillis(
                0); // TlsOutcomeHandler's timer counts from the first byte
        return handler;
    }

    /** Empty where Conscrypt has no library for this machine. */
    static Optional<Provider> conscrypt() {
        return Conscrypt.isAvailable() ? Optional.of(Conscrypt.newProvider()) : Optional.empty();
    }
}
