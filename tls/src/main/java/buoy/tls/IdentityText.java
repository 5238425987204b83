package buoy.tls;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a file with a chain and its key has to be, asked before there is one. */
public final class IdentityText {
    private IdentityText() {}

    /**
     * Why no listener could use a file with this text: there is no key in it, or it is another
     * certificate's, or the chain is not in order.
     *
     * @param file as which it is named
     */
    public static Optional<String> unusable(Path file, List<PemText.Block> blocks) {
        IdentityFiles files = new IdentityFiles(null, Instant.now());
        return files.read(file, blocks).isPresent()
                ? Optional.empty()
                : files.problems.stream().findFirst().map(Finding::message);
    }
}
