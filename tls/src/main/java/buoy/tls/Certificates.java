package buoy.tls;

import buoy.config.model.Certificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.Provider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of one configuration, as their files are now. {@link #look} finds those that
 * changed, and reads them; what cannot be used leaves what was there before. One thread looks; any
 * may ask what is shown.
 */
public final class Certificates {
    private final @Nullable Provider provider;
    private final List<Finding> problems = new ArrayList<>();
    private final List<Finding> warnings = new ArrayList<>();
    private final Map<String, Watched> watched = new LinkedHashMap<>();
    private Instant looked;

    /** Replaced, never changed. */
    private volatile Map<String, List<Identity>> shown = Map.of();

    /**
     * One part, with the files it was read from.
     *
     * @param stamps of what was read last, good or not
     * @param identity the last that was good
     */
    private record Held(Part part, List<Stamp> stamps, Optional<Identity> identity) {}

    /** One certificate of the configuration. */
    private static final class Watched {
        private final Certificate certificate;
        private final Map<String, Held> parts = new LinkedHashMap<>();

        /** Parts that changed since the last look; they may still be being written. */
        private Map<String, List<Stamp>> unsettled = Map.of();

        private boolean listed = true;

        Watched(Certificate certificate) {
            this.certificate = certificate;
        }

        List<Identity> identities() {
            return parts.values().stream().flatMap(held -> held.identity().stream()).toList();
        }
    }

    private Certificates(@Nullable Provider provider, Instant now) {
        this.provider = provider;
        this.looked = now;
    }

    /**
     * Reads and checks the files of the certificates that are in use. Blocks on the disk.
     *
     * @param used names under {@code certificates}
     * @param now decides which have expired
     * @param before what ran until now: where a pair in a directory is broken, its own goes on
     */
    public static Certificates read(
            Map<String, Certificate> configured,
            Collection<String> used,
            Instant now,
            Optional<Certificates> before) {
        return read(configured, used, now, before, ServerTls.conscrypt().orElse(null));
    }

    /**
     * @param provider Conscrypt's, or {@code null} for the JDK's
     */
    static Certificates read(
            Map<String, Certificate> configured,
            Collection<String> used,
            Instant now,
            Optional<Certificates> before,
            @Nullable Provider provider) {
        Certificates certificates = new Certificates(provider, now);
        for (String name : used) {
            Certificate certificate = configured.get(name);
            if (certificate == null) {
                throw new IllegalArgumentException("no certificate named " + name);
            }
            List<Identity> old = before.map(b -> b.shown(name)).orElse(List.of());
            certificates.watched.computeIfAbsent(name, _ -> certificates.first(certificate, old));
        }
        certificates.publish();
        return certificates;
    }

    /** Why these certificates cannot be used; none if they can. */
    public List<Finding> problems() {
        return List.copyOf(problems);
    }

    /** What was found to be doubtful at first. */
    public List<Finding> warnings() {
        return List.copyOf(warnings);
    }

    @Nullable Provider provider() {
        return provider;
    }

    List<Identity> shown(String name) {
        return shown.getOrDefault(name, List.of());
    }

    /** The names of a certificate that is ordered and not there yet; in lower case. */
    List<String> awaited(String name) {
        Watched each = watched.get(name);
        return each != null
                        && each.certificate instanceof Certificate.Acme acme
                        && shown(name).isEmpty()
                ? acme.names()
                : List.of();
    }

    private void publish() {
        Map<String, List<Identity>> now = new LinkedHashMap<>();
        watched.forEach((name, each) -> now.put(name, each.identities()));
        shown = Map.copyOf(now);
    }

    private Watched first(Certificate certificate, List<Identity> before) {
        Watched each = new Watched(certificate);
        Map<String, Identity> old = new HashMap<>();
        before.forEach(identity -> old.put(identity.certificate(), identity));
        try {
            // Of thousands each costs signatures: by as many threads as there are cores.
            List<FirstRead> reads = Part.of(certificate).parallelStream().map(this::read).toList();
            for (FirstRead read : reads) {
                say(certificate, read.files());
                String name = read.part().name();
                Optional<Identity> usable =
                        read.identity()
                                .map(fresh -> kept(fresh, old.get(name)))
                                .or(() -> Optional.ofNullable(old.get(name)));
                each.parts.put(name, new Held(read.part(), read.stamps(), usable));
            }
            if (reads.isEmpty()) {
                warnings.add(
                        unlisted(
                                certificate,
                                "no certificate in it yet (put NAME.crt with NAME.key there, or NAME.pem)"));
            }
        } catch (IOException e) {
            problems.add(unlisted(certificate, words(e)));
        }
        return each;
    }

    private record FirstRead(
            Part part, List<Stamp> stamps, IdentityFiles files, Optional<Identity> identity) {}

    private FirstRead read(Part part) {
        List<Stamp> stamps = Stamp.of(part);
        IdentityFiles files = new IdentityFiles(provider, looked);
        return new FirstRead(part, stamps, files, files.read(part));
    }

    /** The same chain keeps what is stapled to it. */
    private static Identity kept(Identity fresh, @Nullable Identity old) {
        return old != null && old.chain().equals(fresh.chain()) ? old : fresh;
    }

    private void say(Certificate certificate, IdentityFiles files) {
        switch (certificate) {
            case Certificate.Pair _, Certificate.Bundle _ -> {
                problems.addAll(files.problems);
                warnings.addAll(files.warnings);
            }
            // One broken pair of many would keep all the others from being served.
            case Certificate.Directory _ -> {
                warnings.addAll(files.problems);
                warnings.addAll(files.warnings);
            }
            // What is not there or of no use is ordered anew, and so is what ends.
            case Certificate.Acme acme -> {
                if (Files.exists(acme.pem())) {
                    warnings.addAll(files.problems);
                }
            }
        }
    }

    /**
     * Reads what changed. A change counts once two looks in a row have seen the same, so that files
     * being written are left alone.
     *
     * @return what is new, in order; what is shown changed if there is any {@link
     *     CertificateEvent.Shown} or {@link CertificateEvent.Withdrawn}
     */
    public List<CertificateEvent> look(Instant now) {
        List<CertificateEvent> news = new ArrayList<>();
        watched.values().forEach(each -> look(each, now, news));
        publish();
        for (Watched each : watched.values()) {
            boolean renewed = each.certificate instanceof Certificate.Acme;
            for (Identity identity : each.identities()) {
                Lifetime.told(looked, now, identity.notAfter())
                        // Who orders it says whether that goes well.
                        .filter(days -> days == 0 || !renewed)
                        .ifPresent(
                                days ->
                                        news.add(
                                                new CertificateEvent.Ending(
                                                        identity.certificate(),
                                                        identity.notAfter(),
                                                        days)));
            }
        }
        looked = now;
        return news;
    }

    private void look(Watched each, Instant now, List<CertificateEvent> news) {
        List<Part> parts;
        try {
            parts = Part.of(each.certificate);
            each.listed = true;
        } catch (IOException e) {
            if (each.listed) {
                each.listed = false;
                news.add(
                        new CertificateEvent.Unlisted(
                                each.certificate.name(), unlisted(each.certificate, words(e))));
            }
            return;
        }
        // What Buoy writes itself is there as a whole or not at all.
        boolean ordered = each.certificate instanceof Certificate.Acme;
        Map<String, List<Stamp>> changed = new LinkedHashMap<>();
        Map<String, Held> next = new LinkedHashMap<>();
        for (Part part : parts) {
            String name = part.name();
            Held held = each.parts.get(name);
            List<Stamp> stamps = Stamp.of(part);
            if (held != null && held.part().equals(part) && held.stamps().equals(stamps)) {
                next.put(name, held);
            } else if (ordered || stamps.equals(each.unsettled.get(name))) {
                next.put(name, read(part, stamps, held, ordered, now, news));
            } else {
                changed.put(name, stamps);
                if (held != null) {
                    next.put(name, held);
                }
            }
        }
        each.parts.forEach(
                (name, held) -> {
                    if (next.containsKey(name)) {
                        return;
                    }
                    if (!each.unsettled.containsKey(name) || next.isEmpty()) {
                        changed.put(name, List.of());
                        next.put(name, held);
                    } else if (held.identity().isPresent()) {
                        news.add(new CertificateEvent.Withdrawn(name));
                    }
                });
        each.unsettled = changed;
        each.parts.clear();
        each.parts.putAll(next);
    }

    private Held read(
            Part part,
            List<Stamp> stamps,
            @Nullable Held held,
            boolean ordered,
            Instant now,
            List<CertificateEvent> news) {
        Optional<Identity> before = held == null ? Optional.empty() : held.identity();
        IdentityFiles files = new IdentityFiles(provider, now);
        Optional<Identity> identity = files.read(part);
        if (identity.isEmpty()) {
            files.problems.forEach(
                    why ->
                            news.add(
                                    new CertificateEvent.Broken(
                                            part.name(), why, before.isPresent())));
            return new Held(part, stamps, before);
        }
        news.add(
                new CertificateEvent.Shown(
                        part.name(), before.isEmpty(), identity.get().notAfter()));
        if (!ordered) {
            files.warnings.forEach(
                    why -> news.add(new CertificateEvent.Doubtful(part.name(), why)));
        }
        return new Held(part, stamps, identity);
    }

    private static Finding unlisted(Certificate certificate, String why) {
        Path directory =
                switch (certificate) {
                    case Certificate.Directory(_, var path) -> path;
                    case Certificate.Pair(_, var chain, _) -> chain;
                    case Certificate.Bundle(_, var pem) -> pem;
                    case Certificate.Acme acme -> acme.pem();
                };
        return new Finding(
                "certificates." + certificate.name() + ".directory", directory + ": " + why);
    }

    private static String words(IOException e) {
        return e instanceof NoSuchFileException
                ? "there is no such directory"
                : "it cannot be listed (%s)".formatted(e);
    }
}
