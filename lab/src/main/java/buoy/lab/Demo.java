package buoy.lab;

import java.util.List;

/**
 * {@code make demo}: the story of two load balancers with one address, told with measured numbers.
 * As root on hosts in network namespaces, with real PostgreSQL under Patroni; else one host on
 * loopback. Ends by itself and leaves nothing behind; exits 0 if all went as it should.
 */
public final class Demo {
    private Demo() {}

    public static void main(String[] arguments) {
        Story story = new Story();
        List<String> missing =
                Requirements.missing(
                        "patroni", "etcd", "initdb", "openssl", "curl", "arping", "setpriv");
        try {
            boolean good;
            if (missing.isEmpty()) {
                good = LanDemo.tell(story).good();
            } else {
                good = LoopbackDemo.tell(story);
                story.say("");
                story.say(
                        "This was one host on loopback. Missing for the whole story: %s."
                                .formatted(String.join(", ", missing)));
                story.say("It adds two Buoy hosts with a floating address between them, two");
                story.say(
                        "application hosts, three PostgreSQL nodes under Patroni, and what happens");
                story.say("when an application, the active host and the database primary die.");
            }
            System.exit(good ? 0 : 1);
        } catch (LabFailed e) {
            story.say("");
            story.say("The demo broke off: %s".formatted(String.valueOf(e.getMessage())));
            System.exit(1);
        }
    }
}
