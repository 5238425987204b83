package buoy.lb.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Listener.Conditions;
import buoy.config.model.Listener.Match;
import buoy.config.model.Listener.PathMatch;
import buoy.lb.http.head.Parsed;
import buoy.lb.http.head.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {
    private final RouteTable.Scratch scratch = new RouteTable.Scratch();

    private static Match host(String host) {
        return new Match(Optional.of(host), Optional.empty(), Conditions.NONE);
    }

    private static Match path(String path) {
        return new Match(
                Optional.empty(), Optional.of(new PathMatch.Prefix(path)), Conditions.NONE);
    }

    private static Match exactly(String path) {
        return new Match(Optional.empty(), Optional.of(new PathMatch.Exact(path)), Conditions.NONE);
    }

    private int find(List<Match> matches, String host, String path) {
        RequestHead head = new RequestHead(4096, 10);
        byte[] bytes =
                ("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1);
        head.add(bytes, 0, bytes.length);
        assertThat(head.parse()).as(path).isEqualTo(Parsed.COMPLETE);
        return new RouteTable(matches).find(head, Subjects.CLIENT, scratch);
    }

    @Test
    void aPrefixMatchesWholeSegments() {
        List<Match> routes = List.of(path("/api"), path("/a/b/"));
        assertThat(find(routes, "h", "/api")).isZero();
        assertThat(find(routes, "h", "/api?q")).isZero();
        assertThat(find(routes, "h", "/api/x")).isZero();
        assertThat(find(routes, "h", "/api/")).isZero();
        assertThat(find(routes, "h", "/apix")).isEqualTo(RouteTable.NONE);
        assertThat(find(routes, "h", "/ap")).isEqualTo(RouteTable.NONE);
        assertThat(find(routes, "h", "/a/b/c")).isEqualTo(1);
        assertThat(find(routes, "h", "/a/bc")).isEqualTo(RouteTable.NONE);
    }

    @Test
    void theFirstMatchWins() {
        List<Match> routes =
                List.of(
                        exactly("/x/y"),
                        path("/x/y/z"),
                        path("/x"),
                        host("h"),
                        Match.ANY,
                        path("/q"));
        assertThat(find(routes, "h", "/x/y")).isZero();
        assertThat(find(routes, "h", "/x/y/z")).isEqualTo(1);
        assertThat(find(routes, "h", "/x/y/")).isEqualTo(2);
        assertThat(find(routes, "h", "/q")).isEqualTo(3);
        assertThat(find(routes, "o", "/q")).isEqualTo(4);
        assertThat(find(List.of(path("/x"), path("/x/y")), "h", "/x/y")).isZero();
    }

    @Test
    void hostsAreExactOrBelowAStar() {
        List<Match> routes = List.of(host("a.example"), host("*.example"), host("[2001:db8::1]"));
        assertThat(find(routes, "A.Example", "/")).isZero();
        assertThat(find(routes, "a.example:8080", "/")).isZero();
        assertThat(find(routes, "a.example.", "/")).isZero();
        assertThat(find(routes, "b.example", "/")).isEqualTo(1);
        assertThat(find(routes, "c.b.example", "/")).isEqualTo(1);
        assertThat(find(routes, "example", "/")).isEqualTo(RouteTable.NONE);
        assertThat(find(routes, "aexample", "/")).isEqualTo(RouteTable.NONE);
        assertThat(find(routes, "[2001:db8::1]:80", "/")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin",
                "/%61dmin",
                "/x/../admin",
                "/x/%2e%2e/admin",
                "/./admin",
                "/admin/.",
                "/admin/x/..",
                "/../admin",
                "/x/y/../../admin/z",
                "/admin%3f",
                "/admin/%2e%2E/admin"
            })
    void rule33TheNormalPathIsRouted(String path) {
        List<Match> routes = List.of(path("/admin"), Match.ANY);
        assertThat(find(routes, "h", path)).as(path).isEqualTo(path.contains("%3f") ? 1 : 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//admin", "/%2fadmin", "/open%2f..%2fadmin", "/open/..;/admin",
                        "/open/..;x=1/admin",
                "/open/..\\admin", "/open%5c..%5cadmin", "/admin;x", "/open/%2e%2e;/admin",
                        "/open//../admin"
            })
    void rule33WhatServersReadDifferentlyDoesNotPassARoute(String path) {
        List<Match> routes = List.of(path("/admin"), Match.ANY);
        assertThat(find(routes, "h", path)).as(path).isNotEqualTo(1);
    }

    @Test
    void rule33WhatMakesNoDifferencePasses() {
        List<Match> routes = List.of(path("/admin"), Match.ANY);
        assertThat(find(routes, "h", "/a;b=1/c%2fd//e")).isEqualTo(1);
        assertThat(find(routes, "h", "/admin/a%2fb")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%", "/%4", "/%zz", "/a%00b", "/%0", "/%+1"})
    void rule33BadEscapes(String path) {
        assertThat(find(List.of(Match.ANY), "h", path)).isEqualTo(RouteTable.BAD_ESCAPE);
    }

    @Test
    void configuredPathsAreReadAsRequestsAre() {
        assertThat(find(List.of(path("/caf\u00e9")), "h", "/caf%c3%a9/x")).isZero();
        assertThat(find(List.of(exactly("/a b")), "h", "/a%20b")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "/, /", "/a, /a", "/a/, /a/", "/a/., /a/", "/a/.., /", "/a/b/.., /a/", "/a/b/../c, /a/c",
        "/.., /", "/../.., /", "/a/./b, /a/b", "/.a, /.a", "/..a, /..a", "/a.., /a..", "/..., /...",
        "/%7e, /~", "/%2f, /%2F", "/a//b, /a//b"
    })
    void pathsBecomeNormal(String path, String normal) {
        NormalPath read = new NormalPath();
        byte[] bytes = path.getBytes(StandardCharsets.US_ASCII);
        assertThat(read.read(bytes, 0, bytes.length, NormalPath.Reading.PLAIN)).isTrue();
        assertThat(new String(read.bytes(), 0, read.length(), StandardCharsets.US_ASCII))
                .isEqualTo(normal);
    }
}
