package buoy.daemon;

import buoy.daemon.json.JsonText;

/** Which Buoy this is. */
public final class Version {
    /** As in the root pom.xml; a test holds them together. */
    public static final String NUMBER = "0.1.0";

    private Version() {}

    /** For people: with what it runs on. */
    static String line() {
        return "buoy %s (%s, Java %s, %s)".formatted(NUMBER, image(), java(), architecture());
    }

    /** The same for machines. */
    static String json() {
        return new JsonText()
                .of(
                        out -> {
                            out.writeStartObject();
                            out.writeStringField("version", NUMBER);
                            out.writeStringField("image", image());
                            out.writeNumberField("java", java());
                            out.writeStringField("architecture", architecture());
                            out.writeEndObject();
                        });
    }

    private static String image() {
        return System.getProperty("org.graalvm.nativeimage.imagecode") != null ? "native" : "JVM";
    }

    private static int java() {
        return Runtime.version().feature();
    }

    private static String architecture() {
        return System.getProperty("os.arch");
    }
}
