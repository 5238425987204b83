package io.netty.handler.ssl;

import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;

/** No application protocol is offered or chosen, which Netty's own negotiators cannot do. */
@SuppressWarnings("deprecation") // The type is what Netty's engine takes.
final class NoProtocol implements JdkApplicationProtocolNegotiator {
    @Override
    public List<String> protocols() {
        return List.of();
    }

    /** Netty asks for it where it makes the engine itself, and not here. */
    @Override
    public SslEngineWrapperFactory wrapperFactory() {
        return (engine, _, _) -> engine;
    }

    @Override
    public ProtocolSelectorFactory protocolSelectorFactory() {
        return (SSLEngine _, Set<String> _) ->
                new ProtocolSelector() {
                    @Override
                    public void unsupported() {}

                    /** Empty is none: the client goes on without. */
                    @Override
                    public String select(List<String> offered) {
                        return "";
                    }
                };
    }

    @Override
    public ProtocolSelectionListenerFactory protocolListenerFactory() {
        return (_, _) ->
                new ProtocolSelectionListener() {
                    @Override
                    public void unsupported() {}

                    @Override
                    public void selected(String protocol) {}
                };
    }
}
