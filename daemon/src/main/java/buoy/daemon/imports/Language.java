package buoy.daemon.imports;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** In which a file is written. */
public enum Language {
    HAPROXY,
    NGINX,
    KEEPALIVED;

    private static final Pattern HAPROXY_SECTION =
            Pattern.compile("(?m)^[ \\t]*(global|defaults|frontend|backend|listen)\\b[^{;]*$");

    private static final Pattern KEEPALIVED_BLOCK =
            Pattern.compile(
                    "(?m)^[ \\t]*(vrrp_instance|vrrp_script|vrrp_sync_group|global_defs|virtual_server)\\b");

    private static final Pattern NGINX_BLOCK =
            Pattern.compile(
                    "(?m)^[ \\t]*(http|events|server|upstream\\s+\\S+|stream|location\\b[^{]*)\\s*\\{");

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Language> of(String word) {
        return List.of(values()).stream().filter(each -> each.word().equals(word)).findFirst();
    }

    /** By what stands in the file, and where that does not tell, by its name. */
    public static Optional<Language> of(Source source) {
        if (KEEPALIVED_BLOCK.matcher(source.text()).find()) {
            return Optional.of(KEEPALIVED);
        }
        if (NGINX_BLOCK.matcher(source.text()).find()) {
            return Optional.of(NGINX);
        }
        if (HAPROXY_SECTION.matcher(source.text()).find()) {
            return Optional.of(HAPROXY);
        }
        String name = source.name().toLowerCase(Locale.ROOT);
        return List.of(values()).stream().filter(each -> name.contains(each.word())).findFirst();
    }
}
