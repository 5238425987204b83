package buoy.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import buoy.config.model.VirtualRouter.Track;
import buoy.vrrp.core.Advert;
import buoy.vrrp.core.Priority;
import buoy.vrrp.core.Version;
import buoy.vrrp.track.Contribution;
import buoy.vrrp.track.Fact;
import buoy.vrrp.track.Subject;
import buoy.vrrp.wire.WireFormat;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** One or two hosts on virtual time, and what their kernels were asked for. */
class LoopTest {
    private static final InetAddress VIRTUAL = Routers.VIRTUAL.address();
    private static final Routers WEB = Routers.web();
    private static final Subject POSTGRES = new Subject.ProcessName("postgres");
    private static final OptionalInt FAULT = OptionalInt.empty();

    private final SimulatedLan lan = new SimulatedLan(0);
    private final SimulatedHost first = lan.host("198.51.100.1");

    // ---- taking and giving ----

    @Test
    void anActiveRouterHasAdvertisedBeforeItClaimsAndClaimedBeforeItAnnounces() {
        first.runs(WEB);
        run("3.7s");
        assertThat(first.calls)
                .containsExactly(
                        "list links",
                        "open eth0",
                        "release 198.51.100.100",
                        "send 100",
                        "claim 198.51.100.100",
                        "announce 198.51.100.100");
        assertThat(first.holds(VIRTUAL)).isTrue();
    }

    @Test
    void routersThatAreDueTogetherAllSpeakBeforeAnyClaims() {
        first.runs(WEB, WEB.named("two", 52).addresses("198.51.100.102/24"));
        run("3.7s");
        assertThat(first.calls)
                .endsWith(
                        "send 100",
                        "send 100",
                        "claim 198.51.100.100",
                        "announce 198.51.100.100",
                        "claim 198.51.100.102",
                        "announce 198.51.100.102");
    }

    @Test
    void announcementsAreRepeatedAndThenRefreshedNowAndThen() {
        first.runs(WEB.announcing(3, Duration.ofSeconds(1), Duration.ofSeconds(30)));
        run("4s");
        assertThat(first.calls("announce")).hasSize(1);
        run("1s");
        assertThat(first.calls("announce")).hasSize(2);
        run("1s");
        assertThat(first.calls("announce")).hasSize(3);
        run("29s");
        assertThat(first.calls("announce")).hasSize(3);
        run("1s");
        assertThat(first.calls("announce")).hasSize(4);
        run("30s");
        assertThat(first.calls("announce")).hasSize(5);
    }

    @Test
    void withoutARefreshTheAnnouncementsEnd() {
        first.runs(WEB);
        run("60s");
        assertThat(first.calls("announce")).hasSize(5);
    }

    @Test
    void addressesAreRenewedThreeTimesInTheirLifetime() {
        first.runs(WEB);
        run("4s");
        assertThat(first.calls("claim")).hasSize(1);
        run("10s");
        assertThat(first.calls("claim")).hasSize(11);
        assertThat(first.events(VrrpEvent.AddressRestored.class)).isEmpty();
    }

    @Test
    void withoutALifetimeTheyAreClaimedOnce() {
        first.runs(WEB.lifetime(Duration.ZERO));
        run("60s");
        assertThat(first.calls("claim")).hasSize(1);
        assertThat(first.holds(VIRTUAL)).isTrue();
    }

    @Test
    void theAddressesOfAnOwnerThatWereThereBeforeStayAsTheyAre() {
        first.addAddress(VIRTUAL);
        first.runs(WEB.priority(255).addresses("198.51.100.100/24", "198.51.100.101/24"));
        run("10s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
        assertThat(first.status("web").addresses()).allMatch(RouterStatus.Address::held);
        assertThat(first.calls("claim")).containsOnly("claim 198.51.100.101");
        first.stop();
        run("1s");
        assertThat(first.calls("release")).containsExactly("release 198.51.100.101");
        assertThat(first.holds(VIRTUAL)).isTrue();
    }

    @Test
    void whatWasAnOwnersOwnAndIsGoneSinceIsClaimedLikeAnyOther() {
        first.addAddress(VIRTUAL);
        first.runs(WEB.priority(255));
        run("1s");
        SimulatedHost second = lan.host("198.51.100.2").runs(WEB.priority(254));
        first.runs(WEB.priority(1));
        run("10s");
        assertThat(second.state("web")).isEqualTo(RouterState.ACTIVE);
        first.removeAddress(VIRTUAL);
        run("1s");
        second.stop();
        run("10s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
        assertThat(first.calls("claim")).contains("claim 198.51.100.100");
        assertThat(first.holds(VIRTUAL)).isTrue();
    }

    @Test
    void whatWasAnOwnersOwnAndWentWhileTheLinkWasDownIsClaimedLikeAnyOther() {
        first.addAddress(VIRTUAL);
        first.runs(WEB.priority(255));
        run("1s");
        first.linkUp(false);
        run("0.1s");
        first.removeAddress(VIRTUAL);
        run("1s");
        first.runs(WEB.priority(254));
        first.linkUp(true);
        run("10s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
        assertThat(first.holds(VIRTUAL)).isTrue();
    }

    @Test
    void anAddressThatTheKernelRefusedToTakeBackIsAskedForBeforeEachAdvertisement() {
        first.runs(WEB);
        run("4s");
        first.refused.add("claim");
        first.removeAddress(VIRTUAL);
        run("0.001s");
        assertThat(first.holds(VIRTUAL)).isFalse();
        first.refused.clear();
        first.calls.clear();
        run("0.999s");
        assertThat(first.calls).startsWith("claim 198.51.100.100", "send 100");
    }

    /**
     * A deleted virtual MAC link takes the address with it, and is back a few milliseconds later.
     */
    @Test
    void whatSomebodyRemovedMayBeRefusedForAMomentEvenIfTheRenewalFallsIntoIt() {
        first.runs(WEB.priority(100));
        run("10s");
        run("0.609s"); // The renewal is due after 10.609375 s.
        first.refused.add("claim");
        first.removeAddress(VIRTUAL);
        run("0.005s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
        first.refused.clear();
        run("3s");
        assertThat(first.holds(VIRTUAL)).isTrue();
        assertThat(first.events(VrrpEvent.Transition.class)).hasSize(2);
        first.refused.add("claim");
        first.removeAddress(VIRTUAL);
        run("1.1s");
        assertThat(first.state("web")).isEqualTo(RouterState.FAULT);
    }

    /** An answer that is sent before the rest is heard may be untrue when it is sent. */
    @Test
    void anActiveRouterAnswersOnceEverythingThatHasArrivedIsHeard() {
        first.runs(WEB);
        run("4s");
        first.calls.clear();
        first.arrive(advertisement("198.51.100.65", 50));
        first.arrive(advertisement("198.51.100.66", 50));
        run("0.001s");
        assertThat(first.calls).containsExactly("send 100");

        run("0.1s");
        first.calls.clear();
        first.arrive(advertisement("198.51.100.65", 50));
        first.arrive(advertisement("198.51.100.66", 150));
        run("0.001s");
        assertThat(first.state("web")).isEqualTo(RouterState.BACKUP);
        assertThat(first.calls).containsExactly("send 100", "release 198.51.100.100");
    }

    @Test
    void stoppingResignsAndReleasesEverything() {
        first.runs(WEB);
        run("4s");
        first.calls.clear();
        first.stop();
        run("1s");
        assertThat(first.calls).containsExactly("send 0", "release 198.51.100.100");
        assertThat(first.holds(VIRTUAL)).isFalse();
        assertThat(first.state("web")).isEqualTo(RouterState.INITIALIZE);
    }

    @Test
    void everyTransitionIsToldOnceWithItsCause() {
        SimulatedHost second = lan.host("198.51.100.2").runs(WEB.priority(150));
        first.runs(WEB);
        run("4s");
        second.stop();
        run("2s");
        assertThat(first.events(VrrpEvent.Transition.class))
                .containsExactly(
                        new VrrpEvent.Transition(
                                "web",
                                RouterState.INITIALIZE,
                                RouterState.BACKUP,
                                "started, listening for an active router",
                                100),
                        new VrrpEvent.Transition(
                                "web",
                                RouterState.BACKUP,
                                RouterState.ACTIVE,
                                "198.51.100.2 gave the addresses up (priority 0)",
                                100));
        assertThat(first.events(VrrpEvent.PeerSeen.class))
                .containsExactly(new VrrpEvent.PeerSeen("web", second.address, 150));
    }

    // ---- the link ----

    @Test
    void aLinkThatGoesDownIsAFaultUntilItIsBack() {
        first.runs(WEB);
        run("4s");
        first.linkUp(false);
        run("1s");
        assertThat(first.state("web")).isEqualTo(RouterState.FAULT);
        assertThat(first.status("web").why()).isEqualTo("link eth0 is down");
        assertThat(first.holds(VIRTUAL)).isFalse();
        first.linkUp(true);
        run("4s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
    }

    @Test
    void anInterfaceMayAppearLateAndBeReplacedByAnother() {
        first.linkGone();
        first.runs(WEB);
        run("4s");
        assertThat(first.state("web")).isEqualTo(RouterState.FAULT);
        assertThat(first.status("web").why()).isEqualTo("interface eth0 is missing");
        first.linkAppears(7);
        run("4s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
        first.linkAppears(8);
        run("1s");
        assertThat(first.state("web")).isEqualTo(RouterState.BACKUP);
        run("3s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
    }

    @Test
    void anInterfaceWithoutAnAddressIsWaitedFor() {
        first.removeAddress(first.address);
        first.runs(WEB);
        run("4s");
        assertThat(first.status("web").why()).isEqualTo("eth0 has no IPv4 address to speak from");
        first.addAddress(first.address);
        run("4s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
        assertThat(first.status("web").sources()).containsExactly(first.address);
    }

    @Test
    void anotherSourceIsTakenWhenOursIsRemoved() {
        InetAddress another = InetAddress.ofLiteral("198.51.100.9");
        first.addAddress(another);
        first.runs(WEB);
        run("4s");
        first.removeAddress(first.address);
        run("1s");
        assertThat(first.status("web").sources()).containsExactly(another);
        assertThat(first.events(VrrpEvent.Transition.class)).hasSize(2);
    }

    @Test
    void lostEventsAreMadeUpForByReadingEverything() {
        first.runs(WEB);
        run("4s");
        first.linkUp(false);
        first.overrun();
        run("0.1s");
        assertThat(first.state("web")).isEqualTo(RouterState.FAULT);
        first.linkUp(true);
        run("4s");
        first.removeAddress(VIRTUAL);
        first.overrun();
        run("0.1s");
        assertThat(first.holds(VIRTUAL)).isTrue();
    }

    // ---- what others do to us ----

    @Test
    void anAddressThatSomebodyRemovesIsBackAtOnce() {
        first.runs(WEB.lifetime(Duration.ZERO));
        run("10s");
        first.calls.clear();
        first.removeAddress(VIRTUAL);
        run("0.001s");
        assertThat(first.calls).containsExactly("claim 198.51.100.100", "announce 198.51.100.100");
        assertThat(first.events(VrrpEvent.AddressRestored.class))
                .containsExactly(new VrrpEvent.AddressRestored("web", VIRTUAL));
    }

    @Test
    void aFloodIsReadInBatchesBetweenWhichWhatIsDueIsDone() {
        first.runs(WEB);
        run("4s");
        first.calls.clear();
        // A whole socket buffer arrives in the instant before an advertisement is due.
        lan.run(Duration.ofNanos(609_374_999));
        for (int i = 0; i < 200; i++) {
            first.arrive(garbage());
        }
        first.turn();
        assertThat(first.calls("send")).isEmpty();
        lan.run(Duration.ofNanos(1));
        assertThat(first.calls("send")).hasSize(1);
        assertThat(first.status("web").discarded()).containsEntry("too-short", 200L);
    }

    @Test
    void aKindOfGarbageIsSaidOnceAndCountedAlways() {
        first.runs(WEB);
        run("1s");
        for (int i = 0; i < 500; i++) {
            first.arrive(garbage());
            run("0.01s");
        }
        assertThat(first.events(VrrpEvent.Discarding.class))
                .containsExactly(
                        new VrrpEvent.Discarding(
                                "web",
                                InetAddress.ofLiteral("198.51.100.66"),
                                "too-short",
                                "2 bytes where 8 are needed"));
        assertThat(first.status("web").discarded()).containsEntry("too-short", 500L);
    }

    @Test
    void routersWeDoNotRunAreCountedAsOthers() {
        lan.host("198.51.100.2").runs(WEB.named("other", 52));
        first.runs(WEB);
        run("6s");
        assertThat(first.status("web").forOthers()).isPositive();
        assertThat(first.status("web").received()).isZero();
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
    }

    @Test
    void anotherAddressListIsSaidOnceAndAccepted() {
        Routers more = WEB.priority(150).addresses("198.51.100.100/24", "198.51.100.101/24");
        SimulatedHost second = lan.host("198.51.100.2").runs(more);
        first.runs(WEB);
        run("10s");
        assertThat(lan.actives("web")).containsExactly(second);
        assertThat(first.events(VrrpEvent.AddressListMismatch.class))
                .singleElement()
                .matches(event -> event.peer().equals(second.address));
        assertThat(first.status("web").odd()).containsKey("address-list-mismatch");
    }

    @Test
    void inVersion2AnotherAddressListIsDiscardedAndSaid() {
        Routers more = WEB.priority(150).addresses("198.51.100.100/24", "198.51.100.101/24");
        lan.host("198.51.100.2").runs(more.version2());
        first.runs(WEB.version2());
        run("10s");
        // What RFC 3768 7.1 wants leads to two active routers; the event says why.
        assertThat(lan.actives("web")).hasSize(2);
        assertThat(first.events(VrrpEvent.Discarding.class))
                .singleElement()
                .matches(event -> event.kind().equals("address-list-mismatch"));
    }

    @Test
    void unicastPeersElectAmongThemselvesAndHearNobodyElse() {
        SimulatedHost second = lan.host("198.51.100.2");
        SimulatedHost stranger = lan.host("198.51.100.3");
        first.runs(WEB.unicastTo("198.51.100.2"));
        second.runs(WEB.priority(150).unicastTo("198.51.100.1"));
        stranger.runs(WEB.priority(200).unicastTo("198.51.100.1"));
        run("10s");
        assertThat(lan.actives("web")).containsExactly(second, stranger);
        assertThat(first.status("web").discarded()).containsKey("unknown-peer");
    }

    @Test
    void aMulticastRouterDoesNotListenToWhatIsSentToItsOwnAddress() {
        lan.host("198.51.100.2").runs(WEB.priority(150).unicastTo("198.51.100.1"));
        first.runs(WEB);
        run("10s");
        assertThat(lan.actives("web")).hasSize(2);
    }

    // ---- reload ----

    @Test
    void aReloadWithoutAChangeTouchesNothing() {
        first.runs(WEB, WEB.named("two", 52).addresses("198.51.100.200/24"));
        run("20s");
        first.calls.clear();
        int events = first.events.size();
        first.runs(WEB, WEB.named("two", 52).addresses("198.51.100.200/24"));
        first.turn();
        assertThat(first.calls).isEmpty();
        assertThat(first.events).hasSize(events);
    }

    @Test
    void anotherPriorityOrNameIsNoTransition() {
        first.runs(WEB);
        run("20s");
        int events = first.events.size();
        first.calls.clear();
        first.runs(WEB.priority(120).named("edge", 51));
        run("1s");
        first.runs(WEB.priority(90).named("edge", 51));
        run("10s");
        assertThat(first.events).hasSize(events);
        assertThat(first.calls).contains("send 120", "send 90").doesNotContain("send 0");
        assertThat(first.calls("release")).isEmpty();
        assertThat(first.status("edge").transitions()).isEqualTo(2);
    }

    @Test
    void anAddedOrRemovedAddressChangesThatAddressAlone() {
        first.runs(WEB.lifetime(Duration.ZERO));
        run("20s");
        first.calls.clear();
        first.runs(WEB.lifetime(Duration.ZERO).addresses("198.51.100.100/24", "198.51.100.101/24"));
        first.turn();
        assertThat(first.calls).containsExactly("claim 198.51.100.101", "announce 198.51.100.101");
        first.calls.clear();
        first.runs(WEB.lifetime(Duration.ZERO).addresses("198.51.100.101/24"));
        first.turn();
        assertThat(first.calls).containsExactly("release 198.51.100.100");
        assertThat(first.events(VrrpEvent.Transition.class)).hasSize(2);
    }

    @Test
    void anotherVridIsAnotherRouter() {
        first.runs(WEB);
        run("20s");
        first.calls.clear();
        first.runs(WEB.named("web", 52));
        first.turn();
        assertThat(first.calls)
                .containsExactly(
                        "send 0", "release 198.51.100.100", "open eth0", "release 198.51.100.100");
        run("4s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
    }

    @Test
    void fromMulticastToUnicastWithoutLettingGo() {
        first.runs(WEB);
        run("20s");
        first.calls.clear();
        first.runs(WEB.unicastTo("198.51.100.2"));
        run("5s");
        assertThat(first.calls).contains("open eth0").doesNotContain("send 0");
        assertThat(first.calls("release")).isEmpty();
        assertThat(first.events(VrrpEvent.Transition.class)).hasSize(2);
    }

    @Test
    void fromUnicastToMulticastInTheInstantAnAdvertisementIsDue() {
        first.runs(WEB.unicastTo("198.51.100.2"));
        run("3.609375s");
        run("0.999999999s");
        first.calls.clear();
        first.runs(WEB);
        lan.run(Duration.ofNanos(1));
        run("5s");
        assertThat(first.calls("send")).hasSize(6).containsOnly("send 100");
        assertThat(first.calls("release")).isEmpty();
    }

    @Test
    void aRemovedRouterResignsAndItsPeerFollows() {
        SimulatedHost second = lan.host("198.51.100.2").runs(WEB);
        first.runs(WEB.priority(150));
        run("10s");
        first.runs();
        run("0.7s");
        assertThat(first.holds(VIRTUAL)).isFalse();
        assertThat(second.state("web")).isEqualTo(RouterState.ACTIVE);
    }

    // ---- pools ----

    @Test
    void aPoolBelowItsBoundIsAContributionInWords() {
        first.runs(
                WEB.priority(150)
                        .tracking(
                                new Track.PoolWeight("app", 2, -60), new Track.PoolFault("db", 1)));
        first.poolHealth("app", 2);
        first.poolHealth("db", 1);
        run("4s");
        assertThat(first.status("web").contributions()).isEmpty();
        first.poolHealth("app", 1);
        run("0.1s");
        RouterStatus status = first.status("web");
        assertThat(status.effectivePriority()).isEqualTo(90);
        assertThat(status.contributions())
                .containsExactly(
                        new Contribution(
                                "pool app has 1 server up, below 2",
                                Contribution.Kind.WEIGHT,
                                -60));
        assertThat(status.offering()).isTrue();
        assertThat(first.events(VrrpEvent.PriorityChanged.class))
                .containsExactly(
                        new VrrpEvent.PriorityChanged(
                                "web", 150, 90, status.contributions(), true));
        run("2s");
        assertThat(first.events(VrrpEvent.OfferDeclined.class))
                .containsExactly(new VrrpEvent.OfferDeclined("web", 90));
        first.poolHealth("db", 0);
        run("0.1s");
        assertThat(first.status("web").effectivePriority()).isEqualTo(1);
        assertThat(first.holds(VIRTUAL)).isTrue();
    }

    // ---- what else is tracked ----

    @Test
    void anInterfaceThatIsDownOrMissingCountsAtOnce() {
        first.runs(WEB.priority(150).tracking(new Track.InterfaceDown("eth1", weight(-50))));
        run("4s");
        assertThat(first.status("web").contributions())
                .extracting(Contribution::inWords)
                .containsExactly("interface eth1 is missing (-50)");
        first.otherLink("eth1", true);
        run("0.1s");
        assertThat(first.status("web").effectivePriority()).isEqualTo(150);
        first.otherLink("eth1", false);
        run("0.1s");
        assertThat(first.status("web").effectivePriority()).isEqualTo(100);
        assertThat(first.status("web").contributions())
                .extracting(Contribution::inWords)
                .containsExactly("interface eth1 is down (-50)");
    }

    @Test
    void aFaultIsOfferedThenTheRouterIsInFaultUntilItIsOver() {
        Fact.Trouble trouble = new Fact.Trouble(POSTGRES, "no postgres runs");
        SimulatedHost second = lan.host("198.51.100.2").runs(WEB);
        first.runs(WEB.priority(150).tracking(new Track.ProcessGone("postgres", FAULT)));
        first.learns(new Fact.Good(POSTGRES));
        run("10s");
        first.learns(trouble);
        run("0.1s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
        assertThat(first.status("web").offering()).isTrue();
        assertThat(first.events(VrrpEvent.PriorityChanged.class))
                .extracting(VrrpEvent.PriorityChanged::after, VrrpEvent.PriorityChanged::offered)
                .containsExactly(tuple(0, true));
        run("0.6s");
        assertThat(second.state("web")).isEqualTo(RouterState.ACTIVE);
        assertThat(first.state("web")).isEqualTo(RouterState.FAULT);
        assertThat(first.holds(VIRTUAL)).isFalse();
        assertThat(first.status("web").effectivePriority()).isZero();
        assertThat(first.status("web").why())
                .isEqualTo("no postgres runs; 198.51.100.2 (priority 100) took the addresses");
        first.learns(new Fact.Good(POSTGRES));
        run("5s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
        assertThat(first.status("web").contributions()).isEmpty();
    }

    @Test
    void whoIsAloneDoesNotKeepTheAddressInAFault() {
        first.runs(WEB.priority(150).tracking(new Track.ProcessGone("postgres", FAULT)));
        first.learns(new Fact.Good(POSTGRES));
        run("10s");
        first.learns(new Fact.Trouble(POSTGRES, "no postgres runs"));
        run("1.4s");
        assertThat(first.holds(VIRTUAL)).isTrue();
        run("0.1s");
        assertThat(first.holds(VIRTUAL)).isFalse();
        assertThat(first.state("web")).isEqualTo(RouterState.FAULT);
    }

    @Test
    void aLinkThatComesBackDoesNotEndAFaultOfSomethingElse() {
        first.runs(WEB.tracking(new Track.ProcessGone("postgres", FAULT)));
        first.learns(new Fact.Trouble(POSTGRES, "no postgres runs"));
        run("1s");
        first.linkUp(false);
        run("1s");
        assertThat(first.status("web").why()).isEqualTo("link eth0 is down");
        first.learns(new Fact.Good(POSTGRES));
        run("1s");
        assertThat(first.state("web")).isEqualTo(RouterState.FAULT);
        first.learns(new Fact.Trouble(POSTGRES, "no postgres runs"));
        first.linkUp(true);
        run("10s");
        assertThat(first.state("web")).isEqualTo(RouterState.FAULT);
        assertThat(first.status("web").why()).isEqualTo("no postgres runs");
        first.learns(new Fact.Good(POSTGRES));
        run("4s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
    }

    @Test
    void aReloadThatTracksNoMoreEndsTheFault() {
        first.runs(WEB.tracking(new Track.ProcessGone("postgres", FAULT)));
        first.learns(new Fact.Trouble(POSTGRES, "no postgres runs"));
        run("10s");
        assertThat(first.state("web")).isEqualTo(RouterState.FAULT);
        first.runs(WEB);
        run("4s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
    }

    private static OptionalInt weight(int weight) {
        return OptionalInt.of(weight);
    }

    @Test
    void anOwnerTakesNoWeights() {
        first.runs(WEB.priority(255).tracking(new Track.PoolFault("app", 1)));
        first.poolHealth("app", 0);
        run("1s");
        assertThat(first.status("web").effectivePriority()).isEqualTo(255);
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
    }

    // ---- before the first election ----

    @Test
    void theFirstElectionWaitsForTheStartDelayAndNoLaterOneDoes() {
        first.addAddress(VIRTUAL); // left behind
        first.runs(WEB.startDelay(Duration.ofSeconds(30)));
        run("1s");
        assertThat(first.state("web")).isEqualTo(RouterState.INITIALIZE);
        assertThat(first.status("web").why()).isEqualTo("waiting until start-delay is over");
        assertThat(first.status("web").untilNext()).contains(Duration.ofSeconds(29));
        assertThat(first.holds(VIRTUAL)).isFalse();
        run("28.9s");
        assertThat(first.state("web")).isEqualTo(RouterState.INITIALIZE);
        run("0.1s");
        assertThat(first.state("web")).isEqualTo(RouterState.BACKUP);
        run("4s");
        first.linkUp(false);
        run("1s");
        first.linkUp(true);
        run("0.1s");
        assertThat(first.state("web")).isEqualTo(RouterState.BACKUP);
        first.runs(WEB.named("late", 52).startDelay(Duration.ofSeconds(30)));
        run("0.1s");
        assertThat(first.state("late")).isEqualTo(RouterState.BACKUP);
    }

    @Test
    void theFirstElectionWaitsForTheFirstWordOnWhatIsTracked() {
        Routers tracking = WEB.tracking(new Track.PoolFault("app", 1));
        first.runs(tracking);
        run("5s");
        assertThat(first.state("web")).isEqualTo(RouterState.INITIALIZE);
        assertThat(first.status("web").why()).isEqualTo("waiting for the first result of pool app");
        first.poolHealth("app", 0);
        run("0.001s");
        assertThat(first.state("web")).isEqualTo(RouterState.BACKUP);
        assertThat(first.status("web").effectivePriority()).isEqualTo(1);
    }

    @Test
    void thatWaitIsBounded() {
        first.runs(WEB.tracking(new Track.PoolFault("app", 1)));
        run("9.9s");
        assertThat(first.state("web")).isEqualTo(RouterState.INITIALIZE);
        run("0.1s");
        assertThat(first.state("web")).isEqualTo(RouterState.BACKUP);
    }

    @Test
    void aLinkLostWhileWaitingIsAFaultAndThenAWaitAgain() {
        first.runs(WEB.startDelay(Duration.ofSeconds(30)));
        run("1s");
        first.linkUp(false);
        run("1s");
        assertThat(first.state("web")).isEqualTo(RouterState.FAULT);
        first.linkUp(true);
        run("1s");
        assertThat(first.state("web")).isEqualTo(RouterState.INITIALIZE);
        run("27s");
        assertThat(first.state("web")).isEqualTo(RouterState.BACKUP);
    }

    // ---- a kernel that refuses ----

    @Test
    void whoCannotAddTheAddressHandsItOver() {
        first.refused.add("claim");
        SimulatedHost second = lan.host("198.51.100.2").runs(WEB);
        first.runs(WEB.priority(150));
        run("6s");
        assertThat(first.state("web")).isEqualTo(RouterState.FAULT);
        assertThat(first.status("web").troubles())
                .containsExactly("claim 198.51.100.100 failed: EPERM (ask the test)");
        assertThat(second.state("web")).isEqualTo(RouterState.ACTIVE);
        assertThat(first.calls).contains("send 0");
        first.refused.clear();
        run("60s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
        assertThat(first.status("web").troubles()).isEmpty();
        assertThat(first.events(VrrpEvent.Refused.class)).hasSize(1);
        assertThat(first.events(VrrpEvent.Recovered.class)).hasSize(1);
    }

    @Test
    void aRenewalMayFailForAsLongAsTheLifetimeLasts() {
        first.runs(WEB);
        run("10s");
        first.refused.add("claim");
        run("2s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
        run("2.1s");
        assertThat(first.state("web")).isEqualTo(RouterState.FAULT);
    }

    @Test
    void aChannelThatCannotBeOpenedIsTriedAgain() {
        first.refused.add("open");
        first.runs(WEB);
        run("2s");
        assertThat(first.state("web")).isEqualTo(RouterState.FAULT);
        assertThat(first.status("web").why()).startsWith("open eth0 failed: EPERM");
        first.refused.clear();
        run("20s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
    }

    @Test
    void aChannelThatCannotBeReadIsOpenedAgain() {
        first.runs(WEB);
        run("10s");
        first.refused.add("receive");
        first.arrive(garbage());
        run("0.1s");
        assertThat(first.state("web")).isEqualTo(RouterState.FAULT);
        assertThat(first.holds(VIRTUAL)).isFalse();
        first.refused.clear();
        run("20s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
    }

    @Test
    void whoCannotBeHeardYieldsToWhoeverTookOver() {
        first.runs(WEB.priority(150));
        SimulatedHost second = lan.host("198.51.100.2").runs(WEB);
        run("10s");
        assertThat(lan.actives("web")).containsExactly(first);
        first.refused.add("send");
        run("4s");
        assertThat(lan.actives("web")).containsExactly(second);
        assertThat(lan.holders(VIRTUAL)).containsExactly(second);
    }

    @Test
    void whoCannotBeHeardButIsAloneKeepsTheAddress() {
        first.refused.add("send");
        first.runs(WEB);
        run("60s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
        assertThat(first.events(VrrpEvent.Refused.class)).hasSize(1);
    }

    @Test
    void anAddressThatCannotBeRemovedIsTriedAgain() {
        first.runs(WEB.lifetime(Duration.ZERO));
        run("10s");
        first.refused.add("release");
        first.linkUp(false);
        run("1s");
        assertThat(first.holds(VIRTUAL)).isTrue();
        first.refused.clear();
        run("2s");
        assertThat(first.holds(VIRTUAL)).isFalse();
    }

    @Test
    void linksThatCannotBeListedAreAskedForAgain() {
        first.refused.add("list");
        first.runs(WEB);
        run("2s");
        assertThat(first.state("web")).isEqualTo(RouterState.INITIALIZE);
        first.refused.clear();
        run("5s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
    }

    // ---- a bug of ours ----

    @Test
    void abandoningGivesEveryAddressUpWhateverElseBreaks() {
        first.runs(WEB, WEB.named("two", 52).addresses("198.51.100.200/24", "198.51.100.201/24"));
        run("10s");
        first.calls.clear();
        first.bugs.put("send", new IllegalStateException("another bug"));
        IllegalStateException bug = new IllegalStateException("a bug");
        first.loop().abandon(bug);
        assertThat(first.calls)
                .containsExactly(
                        "send 0",
                        "release 198.51.100.100",
                        "send 0",
                        "release 198.51.100.200",
                        "release 198.51.100.201");
        assertThat(bug.getSuppressed()).hasSize(2);
        assertThat(first.state("web")).isEqualTo(RouterState.FAULT);
    }

    @Test
    void aThreadThatWasLateIsToldOnceAndListensFirst() {
        SimulatedHost second = lan.host("198.51.100.2").runs(WEB);
        first.runs(WEB.priority(150));
        run("10s");
        first.freeze(true);
        run("6s");
        first.freeze(false);
        run("0.1s");
        assertThat(first.events(VrrpEvent.Overslept.class)).hasSize(1);
        assertThat(first.status("web").why()).contains("kept from running");
        assertThat(lan.actives("web")).containsExactly(second);
        run("5s");
        assertThat(lan.actives("web")).containsExactly(first);
    }

    // ---- for people ----

    @Test
    void theStatusSaysWhoIsThereAndWhatComesNext() {
        SimulatedHost second = lan.host("198.51.100.2").runs(WEB.priority(150));
        first.runs(WEB);
        run("5s");
        RouterStatus status = first.status("web");
        assertThat(status.state()).isEqualTo(RouterState.BACKUP);
        assertThat(status.interfaceName()).isEqualTo("eth0");
        assertThat(status.peers())
                .singleElement()
                .satisfies(
                        peer -> {
                            assertThat(peer.address()).isEqualTo(second.address);
                            assertThat(peer.priority()).isEqualTo(150);
                            assertThat(peer.interval()).isEqualTo(Duration.ofSeconds(1));
                            assertThat(peer.ago()).isLessThan(Duration.ofSeconds(1));
                        });
        assertThat(status.untilNext().orElseThrow())
                .isBetween(Duration.ofMillis(2600), Duration.ofMillis(3610));
        assertThat(status.addresses())
                .isEqualTo(List.of(new RouterStatus.Address(VIRTUAL, 24, false)));
        assertThat(second.status("web").addresses())
                .isEqualTo(List.of(new RouterStatus.Address(VIRTUAL, 24, true)));
        assertThat(second.status("web").sent()).isPositive();
    }

    private void run(String seconds) {
        lan.run(Duration.parse("PT" + seconds.toUpperCase(java.util.Locale.ROOT)));
    }

    private static Datagram advertisement(String source, int priority) {
        InetAddress from = InetAddress.ofLiteral(source);
        InetAddress group = WireFormat.group(false);
        var format =
                new WireFormat(
                        Version.V3, Story.ROUTER_ID, WireFormat.TTL, false, Optional.empty());
        var advert =
                new Advert(
                        Story.ROUTER_ID,
                        new Priority(priority),
                        Duration.ofSeconds(1),
                        List.of(VIRTUAL));
        return new Datagram(format.encode(advert, from, group), from, group, WireFormat.TTL);
    }

    private static Datagram garbage() {
        return new Datagram(
                new byte[] {0x31, 51},
                InetAddress.ofLiteral("198.51.100.66"),
                InetAddress.ofLiteral("224.0.0.18"),
                255);
    }
}
