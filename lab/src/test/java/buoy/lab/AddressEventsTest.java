package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class AddressEventsTest {
    @Test
    void anAddressAddedOrRenewedIsReadWithItsTime() {
        assertThat(
                        AddressEvents.parse(
                                "[2026-11-21T04:20:12.123456] 2: eth0    inet 198.51.100.100/24 scope global secondary eth0"))
                .contains(
                        new AddressEvents.Event(
                                Instant.parse("2026-11-21T04:20:12.123456Z"),
                                false,
                                "eth0",
                                "198.51.100.100"));
    }

    @Test
    void anAddressRemovedIsGone() {
        assertThat(
                        AddressEvents.parse(
                                "[2026-11-21T04:20:12.123456] Deleted 2: eth0    inet6 2001:db8:77::157/64 scope global"))
                .hasValueSatisfying(
                        event -> {
                            assertThat(event.gone()).isTrue();
                            assertThat(event.address()).isEqualTo("2001:db8:77::157");
                        });
    }
}
