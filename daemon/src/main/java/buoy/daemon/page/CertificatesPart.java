package buoy.daemon.page;

import buoy.daemon.status.Status.CertificateStatus;
import buoy.daemon.status.Verdict;
import java.time.Duration;
import java.util.List;

/** The certificates that listeners show, with the days they have left. */
final class CertificatesPart {
    /** In characters. */
    private static final int ROOM = 4 * 1024;

    private CertificatesPart() {}

    static void write(Picture picture, Html out) {
        List<CertificateStatus> certificates = picture.status().certificates();
        if (certificates.isEmpty()) {
            return;
        }
        out.title("Certificates");
        out.table("Certificates", "Certificate", "Left", "Ends (UTC)", "Names");
        Fold<CertificateStatus> rows =
                Fold.of(
                        certificates,
                        certificates.size(),
                        ROOM,
                        each -> each.notAfter().getEpochSecond(),
                        (each, row) -> certificate(picture, each, row));
        rows.write(out);
        out.endTable();
        rows.rest("they end later", out);
    }

    private static void certificate(Picture picture, CertificateStatus each, Html out) {
        Duration left = Duration.between(picture.status().at(), each.notAfter());
        out.row(each.name()).raw("<td>").tag(Verdict.ofCertificate(left), words(left));
        out.raw("</td>").cell(each.notAfter().toString().substring(0, 16).replace('T', ' '));
        out.why(String.join(" ", each.names())).endRow();
    }

    private static String words(Duration left) {
        if (left.isNegative()) {
            return "ended";
        }
        long days = left.toDays();
        return days == 0 ? left.toHours() + " h" : days == 1 ? "1 day" : days + " days";
    }
}
