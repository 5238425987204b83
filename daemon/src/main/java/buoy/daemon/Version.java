package buoy.daemon;

/** Which Buoy this is. */
public final class Version {
    /** As in the root pom.xml; a test holds them together. */
    public static final String NUMBER = "0.1.0";

    private Version() {}

    /** For people: with what it runs on. */
    static String line() {
        boolean image = System.getProperty("org.graalvm.nativeimage.imagecode") != null;
        return "buoy %s (%s, Java %s, %s)"
                .formatted(
                        NUMBER,
                        image ? "native" : "JVM",
                        Runtime.version().feature(),
                        System.getProperty("os.arch"));
    }
}
