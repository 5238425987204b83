package buoy.lb.worker;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.TcpOptions;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;

/** What the kernel was told, as it tells it itself. */
class TransportTest {
    private static final InetSocketAddress SOMEWHERE =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

    private static final TcpOptions WATCHED =
            new TcpOptions(
                    Optional.of(Duration.ofSeconds(61)),
                    Optional.of(Duration.ofSeconds(11)),
                    OptionalInt.of(7),
                    Optional.of(Duration.ofMillis(30_500)));

    @Test
    void epollSetsAll() throws Exception {
        EpollTransport transport = EpollTransport.orRefuse();
        EpollSocketChannel channel = (EpollSocketChannel) transport.socket(SOMEWHERE);
        try {
            int interval = channel.config().getTcpKeepIntvl();
            transport.watch(channel, TcpOptions.KERNELS);
            assertThat(channel.config().getTcpKeepIntvl()).isEqualTo(interval);
            transport.watch(channel, WATCHED);
            assertThat(channel.config().getTcpKeepIdle()).isEqualTo(61);
            assertThat(channel.config().getTcpKeepIntvl()).isEqualTo(11);
            assertThat(channel.config().getTcpKeepCnt()).isEqualTo(7);
            assertThat(channel.config().getTcpUserTimeout()).isEqualTo(30_500);
        } finally {
            close(channel);
        }
    }

    @Test
    void nioSetsKeepAlive() {
        NioTransport transport = new NioTransport();
        DuplexChannel channel = transport.socket(SOMEWHERE);
        try {
            transport.watch(channel, WATCHED);
            assertThat(option(channel, ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(61);
            assertThat(option(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL)).isEqualTo(11);
            assertThat(option(channel, ExtendedSocketOptions.TCP_KEEPCOUNT)).isEqualTo(7);
        } finally {
            close(channel);
        }
    }

    @Test
    void unixSocketsHaveNoneOfThis() throws Exception {
        for (Transport transport :
                new Transport[] {EpollTransport.orRefuse(), new NioTransport()}) {
            DuplexChannel channel = transport.socket(UnixDomainSocketAddress.of("/nowhere"));
            try {
                transport.watch(channel, WATCHED);
            } finally {
                close(channel);
            }
        }
    }

    private static Integer option(Channel channel, SocketOption<Integer> option) {
        return channel.config().getOption(NioChannelOption.of(option));
    }

    private static void close(Channel channel) {
        channel.unsafe().closeForcibly();
    }
}
