package buoy.daemon;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClass.Predicates;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ByteArrayOutputStream;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * The arrows between the modules, and what "pure" means.
 *
 * <pre>
 *  daemon -> vrrp -> config
 *         -> lb   -> tls -> config
 *         -> native
 * </pre>
 *
 * <p>Maven's modules keep the arrows too; here they also hold for packages, for third-party
 * libraries and against a dependency added in a hurry.
 */
@AnalyzeClasses(packages = "buoy", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] PURE_PACKAGES = {
        "buoy.config.model",
        "buoy.linux.layout",
        "buoy.vrrp.core",
        "buoy.vrrp.track",
        "buoy.vrrp.wire",
        "buoy.lb.proxy",
        "buoy.lb.select",
        "buoy.lb.http.access",
        "buoy.lb.http.head",
        "buoy.lb.http.route",
        "buoy.daemon.acme.plan",
        "buoy.daemon.imports.draft",
        "buoy.daemon.imports.haproxy",
        "buoy.daemon.imports.nginx",
        "buoy.daemon.peer.wire",
        "buoy.daemon.watch.packet"
    };

    /** Parsers that live beside what uses them. */
    private static final Set<String> PURE_CLASSES =
            Set.of(
                    "buoy.config.Text",
                    "buoy.daemon.heap.EdenSize",
                    "buoy.lb.health.Backend",
                    "buoy.lb.health.Cluster",
                    "buoy.lb.guard.Gcra",
                    "buoy.lb.health.Report",
                    "buoy.lb.pool.Reason",
                    "buoy.lb.postgres.CancelKey",
                    "buoy.lb.postgres.CommandLine",
                    "buoy.lb.postgres.Pace",
                    "buoy.lb.postgres.ServerGreeting",
                    "buoy.lb.postgres.Startup",
                    "buoy.lb.postgres.StartupParameters",
                    "buoy.lb.resolve.Answer",
                    "buoy.lb.resolve.HostsFile",
                    "buoy.lb.resolve.Known",
                    "buoy.lb.resolve.News",
                    "buoy.lb.resolve.ResolvConf",
                    "buoy.tls.ClientHello",
                    "buoy.tls.Der",
                    "buoy.tls.DerElement",
                    "buoy.tls.Lifetime",
                    "buoy.tls.PemText",
                    "buoy.tls.TlsStart");

    private static final DescribedPredicate<JavaClass> PURE =
            resideInAnyPackage(PURE_PACKAGES)
                    .or(
                            DescribedPredicate.describe(
                                    "are parsers",
                                    type ->
                                            PURE_CLASSES.contains(
                                                    outermost(type.getBaseComponentType())
                                                            .getName())))
                    .as("pure classes");

    /** Values and text; nothing that has a thread, a clock, a file or a socket behind it. */
    private static final DescribedPredicate<JavaClass> VALUES =
            resideInAnyPackage(
                            "java.lang",
                            "java.lang.annotation",
                            "java.lang.invoke",
                            "java.lang.runtime",
                            "java.math",
                            "java.nio",
                            "java.nio.charset",
                            "java.time",
                            "java.time.format",
                            "java.util",
                            "java.util.function",
                            "java.util.regex",
                            "com.google.re2j..",
                            "java.util.stream",
                            "org.jspecify..")
                    .or(
                            Predicates.belongToAnyOf(
                                    ByteArrayOutputStream.class,
                                    InetAddress.class,
                                    InetSocketAddress.class,
                                    Inet4Address.class,
                                    Inet6Address.class,
                                    UnknownHostException.class,
                                    Path.class))
                    .or(DescribedPredicate.describe("is primitive", JavaClass::isPrimitive))
                    .or(
                            DescribedPredicate.describe(
                                    "is an array of bytes or such",
                                    type ->
                                            type.isArray()
                                                    && type.getBaseComponentType().isPrimitive()));

    private static final Map<String, Set<String>> WORLDLY_CALLS =
            Map.of(
                    "java.lang.System",
                            Set.of(
                                    "nanoTime",
                                    "currentTimeMillis",
                                    "getenv",
                                    "getProperty",
                                    "exit"),
                    "java.lang.Math", Set.of("random"),
                    "java.util.UUID", Set.of("randomUUID"),
                    "java.nio.file.Path", Set.of("toRealPath", "toFile", "toAbsolutePath"),
                    "java.net.InetAddress",
                            Set.of(
                                    "getByName",
                                    "getAllByName",
                                    "getLocalHost",
                                    "getHostName",
                                    "getCanonicalHostName",
                                    "isReachable"));

    private static final DescribedPredicate<JavaAccess<?>> WORLDLY =
            DescribedPredicate.describe(
                    "clock, environment, name lookup or chance",
                    access -> {
                        AccessTarget target = access.getTarget();
                        String owner = target.getOwner().getName();
                        return WORLDLY_CALLS
                                        .getOrDefault(owner, Set.of())
                                        .contains(target.getName())
                                || (owner.startsWith("java.time.")
                                        && target.getName().equals("now"))
                                || owner.equals("java.time.Clock")
                                || owner.equals("java.lang.Thread")
                                || (owner.equals("java.util.Random")
                                        && target.getFullName().endsWith("<init>()"));
                    });

    @ArchTest
    static final ArchRule pureClassesKnowValuesAlone =
            classes().that(PURE).should().onlyDependOnClassesThat(PURE.or(VALUES));

    @ArchTest
    static final ArchRule pureClassesTakeTimeAsAParameter =
            noClasses()
                    .that(PURE)
                    .should()
                    .accessTargetWhere(WORLDLY)
                    .because("the same state and the same input must give the same answer");

    @ArchTest static final ArchRule configIsALeaf = only("buoy.config..");

    @ArchTest static final ArchRule nativeIsALeaf = only("buoy.linux..");

    @ArchTest static final ArchRule tlsKnowsConfig = only("buoy.tls..", "buoy.config..");

    @ArchTest static final ArchRule vrrpKnowsConfig = only("buoy.vrrp..", "buoy.config..");

    @ArchTest
    static final ArchRule lbKnowsTlsAndConfig = only("buoy.lb..", "buoy.tls..", "buoy.config..");

    @ArchTest static final ArchRule yamlStaysInConfig = confined("org.yaml..", "buoy.config");

    @ArchTest
    static final ArchRule patternsStayWithRoutesAndChecks =
            confined("com.google.re2j..", "buoy.config..", "buoy.lb.http.route", "buoy.lb.health");

    @ArchTest static final ArchRule jnrStaysInNative = confined("jnr..", "buoy.linux");

    /**
     * The data path, and the doors of the control plane (admin socket, statistics, systemd, the
     * next process).
     */
    @ArchTest
    static final ArchRule nettyStaysWithSockets =
            confined(
                    "io.netty..",
                    "buoy.lb..",
                    "buoy.tls",
                    "buoy.daemon",
                    "buoy.daemon.admin",
                    "buoy.daemon.upgrade");

    @ArchTest
    static final ArchRule jacksonStaysWithJson =
            confined("com.fasterxml..", "buoy.daemon..", "buoy.lb.health");

    @ArchTest
    static final ArchRule captureStaysInWatch = confined("org.pcap4j..", "buoy.daemon.watch");

    @ArchTest
    static final ArchRule acmeStaysWithOrders = confined("org.shredzone..", "buoy.daemon.acme");

    @ArchTest
    static final ArchRule certificatesAreMadeForCasAndPeers =
            confined("org.bouncycastle..", "buoy.daemon.acme", "buoy.daemon.peer");

    @ArchTest
    static final ArchRule theImagesCollectorStaysInHeap =
            confined("com.oracle.svm..", "buoy.daemon.heap");

    @ArchTest
    static final ArchRule theImagesWordsStayInHeap = confined("org.graalvm..", "buoy.daemon.heap");

    @ArchTest static final ArchRule conscryptStaysInTls = confined("org.conscrypt..", "buoy.tls");

    @ArchTest
    static final ArchRule histogramsStayInLb = confined("org.HdrHistogram..", "buoy.lb..");

    @ArchTest
    static final ArchRule theCommandLineStaysInDaemon = confined("picocli..", "buoy.daemon");

    @ArchTest
    static final ArchRule onlyDaemonLogs =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("buoy.daemon..")
                    .should()
                    .dependOnClassesThat(resideInAnyPackage("java.util.logging", "org.slf4j.."))
                    .because("the others report through observers, which never block");

    @ArchTest
    static final ArchRule packagesOfAModuleHaveNoCycles =
            slices().matching("buoy.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nothingIsFoundByReflection =
            noClasses()
                    .should()
                    .dependOnClassesThat(
                            resideInAPackage("java.lang.reflect")
                                    .or(Predicates.belongToAnyOf(java.util.ServiceLoader.class)))
                    .because("a native image only knows what is named in code");

    /** Of all that is ours, these packages alone; libraries have rules of their own. */
    private static ArchRule only(String module, String... others) {
        return noClasses()
                .that()
                .resideInAPackage(module)
                .should()
                .dependOnClassesThat(
                        resideInAPackage("buoy..")
                                .and(DescribedPredicate.not(resideInAPackage(module)))
                                .and(DescribedPredicate.not(resideInAnyPackage(others))));
    }

    private static ArchRule confined(String library, String... homes) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(homes)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }

    private static JavaClass outermost(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer;
    }
}
