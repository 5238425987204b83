// Longer than 200 lines: one request and its response, from the choice of a server to the count.
package buoy.lb.http;

import buoy.config.model.Pool.Retries;
import buoy.lb.http.Target.Passage;
import buoy.lb.http.access.Entry;
import buoy.lb.http.access.Entry.Crowd;
import buoy.lb.http.head.Coding;
import buoy.lb.http.head.Coding.Choice;
import buoy.lb.http.head.CookieHashes;
import buoy.lb.http.head.FieldEdits;
import buoy.lb.http.head.Method;
import buoy.lb.http.head.Output;
import buoy.lb.http.head.Refusal;
import buoy.lb.http.head.RequestHashes;
import buoy.lb.http.head.RequestHead;
import buoy.lb.http.head.RequestRewrite;
import buoy.lb.http.head.ResponseHead;
import buoy.lb.http.head.ResponseRewrite;
import buoy.lb.http.head.ResponseRewrite.Persistence;
import buoy.lb.http.head.TrailerSection;
import buoy.lb.listen.Listening;
import buoy.lb.pool.Dial;
import buoy.lb.pool.Doing;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Server;
import buoy.lb.pool.Sticking;
import buoy.lb.pool.Tally;
import buoy.lb.pool.Work;
import buoy.lb.proxy.Ends;
import buoy.lb.select.Selector;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request with its response. Belongs to a client connection and is used again for its next
 * request. Picks a server, sends the request, sends the response back, and ends in exactly one of
 * {@link #finished}, {@link #fail} and {@link #clientLost}.
 */
final class Exchange implements Dial.Answer, Work {
    /** A body's first bytes up to this go with the head in one write; copying is cheaper. */
    private static final int COPIED = 4096;

    private final Workshop shop;
    private final Downstream client;
    private final Listening listening;
    private final Tally listenerTally;

    private @Nullable Pool pool;
    private @Nullable Passage passage;
    private @Nullable Server server;
    private @Nullable Upstream connection;
    private @Nullable Dial dial;

    /** A connection that no other client may use; the next exchange goes on it if to its server. */
    private @Nullable ServerConnection personal;

    /** To which another exchange makes a connection that this one waits for; it has begun there. */
    private @Nullable Server awaitedServer;

    /** To which this one makes a connection that others may wait for. */
    private @Nullable Server made;

    /** Body bytes that wait for a connection. */
    private @Nullable ByteBuf early;

    /** Servers that were sent the request in vain. */
    private List<Server> tried = List.of();

    /** To be asked next. */
    private @Nullable Server next;

    /** What the request waits for before it is acted on; null if for nothing. */
    private @Nullable Object awaited;

    /** What another pool gets of the request, while more of it may come. */
    private @Nullable Mirrored mirrored;

    private Choice codingChoice = Choice.NONE;

    /** Of a response that is coded: its line, if it had one. */
    private byte @Nullable [] etag;

    /** While such a response passes. */
    private @Nullable Compressor compressor;

    private boolean reused;
    private boolean retried;
    private boolean bodySent;
    private boolean answering;
    private boolean keep;
    private long sentAt;

    /** Of this request and those before it on the connection. */
    private long bytesFromClient;

    private long bytesToClient;

    /** When the attempt began that the present connection came of. */
    private long dialledAt;

    Exchange(Workshop shop, Downstream client, Listening listening) {
        this(shop, client, listening, listening.tally(shop.worker));
    }

    /**
     * @param tally counts it, beside those of its servers
     */
    Exchange(Workshop shop, Downstream client, Listening listening, Tally tally) {
        this.shop = shop;
        this.client = client;
        this.listening = listening;
        this.listenerTally = tally;
    }

    /** What is under way, with the bytes of the requests before it. */
    Doing doing() {
        return bytes(underWay()).exchanges(1);
    }

    private Doing underWay() {
        Server by = server;
        Server awaits = awaitedServer;
        Dial dialling = dial;
        if (by != null) {
            return Doing.of(Doing.State.EXCHANGE, by);
        }
        if (awaits != null) {
            return Doing.of(Doing.State.CONNECTING, awaits);
        }
        return dialling == null ? Doing.of(Doing.State.EXCHANGE) : dialling.doing();
    }

    /** The same with its bytes. */
    Doing bytes(Doing doing) {
        return doing.plus(bytesFromClient, bytesToClient);
    }

    // ---- before it is acted on ----

    /**
     * Keeps the request until it is known what becomes of it.
     *
     * @param what for {@link #resume}
     * @param body what has come of its body; taken over
     */
    void await(Object what, @Nullable ByteBuf body) {
        awaited = what;
        early = body;
        answering = false;
    }

    /** Whether the request that waited for this still does. It no longer waits then. */
    boolean resume(Object what) {
        if (awaited != what) {
            return false;
        }
        awaited = null;
        return true;
    }

    /** What has come of the body of a request that waited; the caller releases it. */
    @Nullable ByteBuf takeEarly() {
        ByteBuf kept = early;
        early = null;
        return kept;
    }

    // ---- towards the server ----

    /** As {@link #begin}; a copy goes to {@code mirror}, whatever becomes of the request. */
    void beginMirrored(
            RequestHead request, Pool asked, Pool mirror, Passage how, @Nullable ByteBuf body) {
        Mirrored copy = Mirrored.of(client, shop, listening);
        if (copy == null) {
            begin(request, asked, how, body);
            return;
        }
        ByteBuf copied = body == null ? null : body.copy();
        mirrored = client.requestIsComplete() ? null : copy;
        begin(request, asked, how, body);
        copy.begin(mirror, how, copied);
    }

    /**
     * Sends the request to a server of {@code asked}, or of the pool that serves for it.
     *
     * @param body what has come of the body; taken over
     */
    void begin(RequestHead request, Pool asked, Passage how, @Nullable ByteBuf body) {
        Pool to = asked.serving();
        pool = to;
        Entry entry = client.entry();
        if (entry != null) {
            entry.pool(to.name());
        }
        passage = how;
        early = body;
        reused = false;
        retried = false;
        tried = List.of();
        bodySent = false;
        answering = false;
        keep = false;
        Server its = authenticatedAt(to);
        Server picked = its != null ? its : to.pick(shop.worker, this, List.of());
        if (picked == null) {
            // It may wait for one.
            dial(asked).start();
        } else if (!reuses(picked)) {
            dial(asked).start(picked);
        }
    }

    /**
     * The server that knows the client by its connection, if it may take the request, which then
     * has begun on it. NTLM and Negotiate authenticate the connection (RFC 4559 6): anywhere else
     * the client would have to begin again, and amid its handshake it would never come to an end.
     */
    private @Nullable Server authenticatedAt(Pool to) {
        ServerConnection own = personal;
        return own != null
                        && own.isAuthenticated()
                        && own.isIdle()
                        && to.mayTake(own.server())
                        && own.server().begin()
                ? own.server()
                : null;
    }

    @Override
    public boolean reuses(Server to) {
        return to.protocol().isHttp2() ? shares(to) : reusesIdle(to);
    }

    /** A stream of a connection that is there, or is being made. */
    private boolean shares(Server to) {
        unmade();
        ServerStreams shared = shop.shared.withRoom(to);
        if (shared != null) {
            joinShared(to, shared);
        } else if (shop.shared.awaits(to, this)) {
            noteDial(to);
            dial = null;
            awaitedServer = to;
        } else {
            made = to;
            return false;
        }
        return true;
    }

    private void joinShared(Server to, ServerStreams shared) {
        noteDial(to);
        dial = null;
        reused = true;
        join(to, shared.stream());
    }

    /** What came of the connection that another exchange was to make. */
    void made(SharedServers.Outcome outcome) {
        Server to = awaitedServer;
        Pool from = pool;
        if (to == null || from == null) {
            // It ended while others were told.
            return;
        }
        awaitedServer = null;
        switch (outcome) {
            case SharedServers.Made(var shared) when shared.hasRoom() -> joinShared(to, shared);
            case SharedServers.Outcome _ when !from.mayTake(to) -> {
                // That is why it was not made.
                to.end();
                dial(from).start();
            }
            // Where it failed others do not wait in turn to find out the same.
            case SharedServers.Failed _ -> dial(from).start(to);
            case SharedServers.Made _, SharedServers.Abandoned _ -> {
                if (!shares(to)) {
                    dial(from).start(to);
                }
            }
        }
    }

    /** No connection comes of it for those who wait. */
    private void unmade() {
        Server to = made;
        if (to != null) {
            made = null;
            shop.shared.made(to, this, new SharedServers.Failed());
        }
    }

    @Override
    public void unreached(Server server) {
        unmade();
    }

    private boolean reusesIdle(Server to) {
        ServerConnection own = personal;
        personal = null;
        ServerConnection kept =
                own != null && own.isIdle() && own.server() == to ? own : shop.idle.take(to);
        if (own != null && own != kept) {
            own.closeIfIdle();
        }
        if (kept == null) {
            return false;
        }
        noteDial(to);
        dial = null;
        reused = true;
        join(to, kept);
        return true;
    }

    @Override
    public Ends ends() {
        return client.facts().ends();
    }

    @Override
    public long source() {
        return RequestHashes.source(client.head(), client.facts());
    }

    @Override
    public long uri() {
        return RequestHashes.uri(client.head());
    }

    @Override
    public long field(byte[] lower) {
        return RequestHashes.field(client.head(), lower);
    }

    @Override
    public long cookie(byte[] name) {
        return CookieHashes.sent(client.head(), name, false);
    }

    @Override
    public long cookieRoute(byte[] name) {
        return CookieHashes.sent(client.head(), name, true);
    }

    private Dial dial(Pool asked) {
        reused = false;
        Dial dialling = new Dial(shop.worker, asked, this, shop.opening, this);
        dial = dialling;
        return dialling;
    }

    @Override
    public void connected(Server to, DuplexChannel channel) {
        noteDial(to);
        dial = null;
        ServerStreams shared = channel.pipeline().get(ServerStreams.class);
        if (shared == null) {
            unmade();
            join(to, new ServerConnection(shop, to, channel));
            return;
        }
        made = null;
        shop.shared.add(shared);
        join(to, shared.stream());
        shop.shared.made(to, this, new SharedServers.Made(shared));
    }

    @Override
    public void failed(Reason reason, @Nullable Server last) {
        noteDial(last);
        dial = null;
        fail(reason);
    }

    /** What came of the dial, or was on its way, when it ended. */
    private void noteDial(@Nullable Server last) {
        Dial ended = dial;
        Entry entry = client.entry();
        if (ended != null && entry != null && ended.attempted()) {
            dialledAt = ended.attemptedAt();
            entry.retried(ended.retries(), true);
            entry.dialled(last == null ? "" : last.name(), ended.attempted(), dialledAt);
        }
    }

    private void noteJoin(Server to) {
        Entry entry = client.entry();
        if (entry == null) {
            return;
        }
        long now = System.nanoTime();
        entry.pool(to.pool());
        entry.connected(to.name(), reused ? now : dialledAt, now);
        Pool from = pool;
        AccessLines lines = client.front().accessLines;
        if (from != null && lines != null && lines.counts()) {
            int busy = 0;
            for (Server each : from.servers()) {
                busy += each.active();
            }
            entry.crowd(
                    new Crowd(
                            listening.connectedInAll(), listening.connected(), busy, to.active()));
        }
    }

    private void join(Server to, Upstream with) {
        server = to;
        connection = with;
        noteJoin(to);
        Pool from = pool;
        Passage how = passage;
        if (from == null || how == null) {
            throw new IllegalStateException("no pool");
        }
        with.serve(this, how.timeouts(from));
        if (client.head().isWebSocket() && !with.takesWebSockets()) {
            fail(Reason.WEBSOCKET_NEEDS_HTTP1);
        } else {
            send(with);
        }
    }

    private void send(Upstream to) {
        Output output = shop.output;
        output.clear();
        RequestRewrite.write(
                client.head(), client.facts(), client.front().requestEdits, client.id(), output);
        int head = output.length();
        ByteBuf body = early;
        early = null;
        int size = head;
        if (body != null) {
            size += body.readableBytes();
            bodySent = true;
            if (body.readableBytes() <= COPIED) {
                int n = body.readableBytes();
                body.readBytes(output.reserve(n), output.length(), n);
                output.added(n);
                body.release();
                body = null;
            }
        }
        fromClient(size);
        to.send(head);
        if (body != null) {
            to.write(body);
        }
        boolean complete = client.requestIsComplete() || client.head().isWebSocket();
        if (complete) {
            to.expectAnswer();
        }
        to.flush();
        sentNow();
        if (!complete) {
            client.resumeReading();
        }
    }

    /** More of the request's body has come. */
    void requestBody(BodyReader body, ByteBuf in) {
        if (connection == null) {
            ByteBuf more = Runs.copy(body, in, shop.worker.allocator());
            if (more != null) {
                requestBody(more);
            }
            if (body.isComplete()) {
                requestSent();
            }
            return;
        }
        Runs.slices(body, in, this::requestBody);
        if (body.isComplete()) {
            requestSent();
        }
    }

    /**
     * The same.
     *
     * @param more as the server is to get it; taken over
     */
    void requestBody(ByteBuf more) {
        Mirrored copy = mirrored;
        if (copy != null) {
            copy.requestBody(more.retainedDuplicate());
        }
        Upstream to = connection;
        if (to == null) {
            // One buffer, however many pieces: they are the client's to choose.
            ByteBuf kept = early;
            if (kept == null) {
                kept = shop.worker.allocator().directBuffer(more.readableBytes());
                early = kept;
            }
            kept.writeBytes(more);
            more.release();
            return;
        }
        bodySent = true;
        fromClient(more.readableBytes());
        to.write(more);
    }

    /** The request's last byte has come. */
    void requestSent() {
        Mirrored copy = mirrored;
        if (copy != null) {
            mirrored = null;
            copy.requestSent();
        }
        Upstream to = connection;
        if (to != null) {
            to.expectAnswer();
            to.flush();
            sentNow();
        }
    }

    private void sentNow() {
        sentAt = System.nanoTime();
        Entry entry = client.entry();
        if (entry != null) {
            entry.sent(sentAt);
        }
    }

    /** The client's batch of reads is over. False if the server cannot take more for now. */
    boolean flushed() {
        Mirrored copy = mirrored;
        if (copy != null) {
            copy.batchRead();
        }
        Upstream to = connection;
        if (client.requestIsComplete()) {
            return true;
        }
        if (to == null) {
            return early == null && awaited == null;
        }
        to.flush();
        return to.isWritable();
    }

    void serverCanTakeMore() {
        if (!client.requestIsComplete()) {
            client.resumeReading();
        }
    }

    void clientCanTakeMore() {
        Upstream from = connection;
        if (from != null) {
            from.resumeReading();
        }
    }

    private void fromClient(int bytes) {
        bytesFromClient += bytes;
        listenerTally.fromClient(bytes);
        Server to = server;
        if (to != null) {
            to.tally(shop.worker).fromClient(bytes);
        }
    }

    /** Whether the request's content is chunked (RFC 9112 7.1). */
    boolean sendsChunked() {
        return client.head().isChunked();
    }

    // ---- towards the client ----

    boolean isHead() {
        return client.head().method() == Method.HEAD;
    }

    boolean clientAccepts(int status) {
        return client.accepts(status);
    }

    boolean clientTakesChunked() {
        return client.takesChunked();
    }

    boolean isWebSocket() {
        return client.head().isWebSocket();
    }

    /** Of a WebSocket's request, which is one for it. */
    WebSocketKey webSocketKey() {
        return WebSocketKey.of(client.head().webSocketKey());
    }

    boolean clientIsWritable() {
        return client.isWritable();
    }

    /** What was flushed to the client waits for it. */
    boolean clientLags() {
        return client.lags();
    }

    /** What was flushed to the server waits for it. */
    boolean serverLags() {
        Upstream to = connection;
        return to != null && to.lags();
    }

    boolean clientTakesHeads() {
        return client.takesHeads();
    }

    void flushClient() {
        Compressor through = compressor;
        if (through != null) {
            through.flush();
        }
        client.flush();
    }

    void firstByte() {
        long now = System.nanoTime();
        by().tally(shop.worker).latency(now - sentAt);
        Entry entry = client.entry();
        if (entry != null) {
            entry.firstByte(now);
        }
    }

    /**
     * A 1xx: goes on to clients that know such responses (RFC 9110 15.2), with the others that came
     * with it: a flush for each would let a server buy much work for few octets.
     */
    void interim(ResponseHead head) {
        if (!client.head().isHttp10()) {
            Output output = shop.output;
            output.clear();
            ResponseRewrite.write(head, Persistence.IMPLIED, false, output);
            noteHead(0, output.length());
            toClient(output.length());
            client.write(output.length());
        }
    }

    /** Whether the content of the response gets a coding; the head is changed then. */
    boolean codes(ResponseHead head) {
        Coding coding = client.front().coding;
        codingChoice = Choice.NONE;
        etag = null;
        if (coding == null || !client.takesCodings()) {
            return false;
        }
        codingChoice = coding.choose(client.head(), head);
        if (!codingChoice.isCoding()) {
            return false;
        }
        if (!isHead()) {
            compressor = shop.compressor(codingChoice);
            if (compressor == null) {
                codingChoice = Choice.NOT_WANTED;
                return false;
            }
        }
        etag = Coding.edit(head);
        return true;
    }

    /**
     * The final response's head, with what has come of its body.
     *
     * @param chunked whether the client gets the body chunked
     */
    void response(ResponseHead head, boolean chunked, BodyReader body, ByteBuf in) {
        answering = true;
        listenerTally.answered(head.status());
        by().tally(shop.worker).answered(head.status());
        keep =
                client.keepsAlive()
                        && (compressor != null
                                || (!body.endsAtClose() && (chunked || !head.isChunked())));
        boolean varies = codingChoice != Choice.NONE && Coding.varies(head);
        Persistence persistence =
                !keep
                        ? Persistence.CLOSE
                        : client.head().isHttp10() ? Persistence.KEEP_ALIVE : Persistence.IMPLIED;
        Output output = shop.output;
        output.clear();
        FieldEdits edits = client.front().responseEdits;
        if (edits == null) {
            ResponseRewrite.write(head, persistence, chunked, output);
        } else {
            ResponseRewrite.write(
                    head,
                    persistence,
                    chunked,
                    edits,
                    client.head(),
                    client.facts(),
                    client.id(),
                    output);
        }
        remember(head, output);
        Coding.add(codingChoice, varies, etag, output);
        int ofHead = output.length();
        noteHead(head.status(), ofHead);
        Compressor through = compressor;
        if (through != null) {
            toClient(ofHead);
            client.write(ofHead);
            through.begin(chunked, this::pass);
            through.content(body, in);
            return;
        }
        toClient(ofHead + body.size());
        if (body.size() <= COPIED) {
            Runs.append(body, in, output);
            client.write(ofHead);
        } else {
            client.write(ofHead);
            Runs.slices(body, in, client::write);
        }
    }

    /** So that the client meets the same server again, where its pool wants that. */
    private void remember(ResponseHead head, Output output) {
        Pool from = pool;
        Sticking sticking = from == null ? null : from.sticking();
        if (sticking == null) {
            return;
        }
        byte[] line = sticking.line(by(), this);
        if (line != null) {
            ResponseRewrite.add(line, output);
        }
        byte[] name = sticking.learnsFrom();
        long value = name == null ? Selector.NO_KEY : CookieHashes.set(head, name);
        if (value != Selector.NO_KEY) {
            sticking.learn(value, by(), shop.worker.now());
        }
    }

    /** More of the response, framed as the client was told; taken over. */
    void pass(ByteBuf piece) {
        toClient(piece.readableBytes());
        client.write(piece);
    }

    void responseBody(BodyReader body, ByteBuf in) {
        Compressor through = compressor;
        if (through != null) {
            through.content(body, in);
            return;
        }
        toClient(body.size());
        Runs.slices(body, in, client::write);
    }

    void trailers(TrailerSection section) {
        endCompressed(section);
        client.trailers(section);
    }

    private void endCompressed(@Nullable TrailerSection section) {
        Compressor through = compressor;
        if (through != null) {
            compressor = null;
            try {
                through.end(section);
            } finally {
                shop.giveBack(through);
            }
        }
    }

    private Server by() {
        Server by = server;
        if (by == null) {
            throw new IllegalStateException("a response without a server");
        }
        return by;
    }

    /** A head of so many bytes goes to the client; 0 if it is not the last one. */
    private void noteHead(int status, int bytes) {
        Entry entry = client.entry();
        if (entry != null) {
            entry.answer(status, bytes);
        }
    }

    private void toClient(int bytes) {
        Entry entry = client.entry();
        if (entry != null) {
            entry.toClient(bytes);
        }
        bytesToClient += bytes;
        listenerTally.toClient(bytes);
        by().tally(shop.worker).toClient(bytes);
    }

    // ---- the end ----

    /** The response is complete. */
    void finished(boolean reusable) {
        Upstream used = connection;
        Server by = server;
        if (used == null || by == null) {
            throw new IllegalStateException("a response without a server");
        }
        endCompressed(null);
        cutMirrored(Reason.CLIENT_CLOSED);
        connection = null;
        server = null;
        by.end();
        by.tally(shop.worker).finished();
        listenerTally.finished();
        // RFC 9112 9.3: a connection with an unfinished request on it cannot carry another.
        used.release(reusable && client.requestIsComplete());
        ServerConnection own = used.personal();
        if (own != null) {
            personal = own;
        }
        client.answered(keep);
    }

    /**
     * The server's connection is lost, or what came of it cannot be used.
     *
     * @param untouched whether no byte of an answer had come
     */
    void serverLost(Reason reason, boolean untouched) {
        Pool from = pool;
        Server by = server;
        if (untouched && reused && !retried && !bodySent && from != null && by != null) {
            if (from.config().retries().methods().contains(client.head().methodText())) {
                // The server closed the kept connection before it saw the request: the one failure
                // that says nothing about the server.
                sendAgain(from, by);
                return;
            }
        }
        answerLost(reason, untouched);
    }

    /** As {@link #serverLost}, where the server is or may have been at the request. */
    void answerLost(Reason reason, boolean untouched) {
        Pool from = pool;
        Server by = server;
        if (untouched && from != null && by != null && from.config().retries().when().reset()) {
            Server another = another(from, by);
            if (another != null) {
                leave(by);
                by.failed(shop.worker, reason);
                repeat(from, another);
                return;
            }
        }
        fail(reason);
    }

    /**
     * The server says that it has not begun on the request (RFC 9113 8.7), which may be sent again
     * then, once, whatever its method.
     */
    void notBegun(Reason reason) {
        Pool from = pool;
        Server by = server;
        if (retried || bodySent || from == null || by == null) {
            serverLost(reason, true);
            return;
        }
        sendAgain(from, by);
    }

    /** To the same server, once, on a connection that is not older than this. */
    private void sendAgain(Pool from, Server by) {
        retried = true;
        connection = null;
        server = null;
        by.tally(shop.worker).retried();
        noteRetry(false);
        if (!by.protocol().isHttp2() || !shares(by)) {
            dial(from).start(by);
        }
    }

    /**
     * Whether an answer with this status is not what the client gets: another server is asked. The
     * connection it came on is closed by now, or never used again.
     */
    boolean isRepeatedFor(int status) {
        Pool from = pool;
        Server by = server;
        if (from == null || by == null) {
            return false;
        }
        Set<Integer> statuses = from.config().retries().when().statuses();
        // Empty for most pools, and looking a number up makes an object of it.
        if (statuses.isEmpty() || !statuses.contains(status)) {
            return false;
        }
        Server another = another(from, by);
        if (another == null) {
            return false;
        }
        next = another;
        return true;
    }

    /** Goes on as {@link #isRepeatedFor} said. */
    void repeatElsewhere(int status) {
        Pool from = pool;
        Server by = server;
        Server another = next;
        if (from == null || by == null || another == null) {
            throw new IllegalStateException("nothing to repeat");
        }
        next = null;
        leave(by);
        by.tally(shop.worker).answered(status);
        by.tally(shop.worker).finished();
        repeat(from, another);
    }

    /**
     * Another server that the request may be sent to once more, and on which it has begun; null if
     * it must not be repeated, or none is left. A request with a body is never repeated: it is not
     * kept.
     */
    private @Nullable Server another(Pool from, Server by) {
        Retries retries = from.config().retries();
        if (client.head().hasBody()
                || tried.size() >= retries.count()
                || !retries.methods().contains(client.head().methodText())) {
            return null;
        }
        List<Server> both = new ArrayList<>(tried);
        both.add(by);
        Server another = from.pick(shop.worker, this, both);
        if (another != null && !from.mayRetry(shop.worker)) {
            another.end();
            return null;
        }
        tried = both;
        return another;
    }

    private void leave(Server by) {
        connection = null;
        server = null;
        by.end();
    }

    private void noteRetry(boolean another) {
        Entry entry = client.entry();
        if (entry != null) {
            entry.retried(1, another);
        }
    }

    private void repeat(Pool from, Server another) {
        another.tally(shop.worker).retried();
        noteRetry(true);
        if (!reuses(another)) {
            dial(from).start(another, tried);
        }
    }

    /** The request's body is malformed. */
    void refused(Refusal why) {
        Reason reason = Answers.reason(why);
        if (letGo(reason)) {
            client.answers().refused(why);
        } else {
            listenerTally.failed(reason);
            client.noteFailure(reason);
            client.abort();
        }
    }

    void bodyTimedOut() {
        fail(Reason.BODY_TIMEOUT);
    }

    /** The exchange cannot be finished: the client is told, if it still can be. */
    void fail(Reason reason) {
        if (letGo(reason)) {
            client.answers().failed(reason);
        } else {
            listenerTally.failed(reason);
            client.noteFailure(reason);
            client.abort();
        }
    }

    /** The client is gone; nobody is left to answer. */
    void clientLost(Reason reason) {
        Server making = made;
        if (making != null) {
            made = null;
            shop.shared.made(making, this, new SharedServers.Abandoned());
        }
        letGo(reason);
        listenerTally.failed(reason);
        client.noteFailure(reason);
    }

    /** Leaves the server. Returns whether an answer can still be given. */
    private boolean letGo(Reason reason) {
        Dial dialling = dial;
        if (dialling != null) {
            noteDial(null);
            dial = null;
            dialling.abandon();
        }
        unmade();
        Server awaits = awaitedServer;
        if (awaits != null) {
            awaitedServer = null;
            shop.shared.leaves(awaits, this);
            awaits.end();
        }
        Upstream used = connection;
        if (used != null) {
            connection = null;
            used.release(false);
        }
        Server by = server;
        if (by != null) {
            server = null;
            by.end();
            by.failed(shop.worker, reason);
        }
        Compressor through = compressor;
        if (through != null) {
            compressor = null;
            shop.giveBack(through);
        }
        Runs.release(takeEarly());
        cutMirrored(reason);
        awaited = null;
        return !answering;
    }

    /** The rest of the request is not waited for, so there is no copy of it. */
    private void cutMirrored(Reason reason) {
        Mirrored copy = mirrored;
        if (copy != null) {
            mirrored = null;
            copy.cut(reason);
        }
    }

    /** The client's connection is closed: what was kept for it alone is too. */
    void forget() {
        ServerConnection own = personal;
        if (own != null) {
            personal = null;
            own.closeIfIdle();
        }
    }

    // ---- WebSocket ----

    /** The server has switched: from here on bytes pass as they are. */
    void switchProtocols(ResponseHead head, ByteBuf in) {
        client.switchProtocols(head, in);
    }

    /** An exchange that goes on as a tunnel. */
    record Switched(Upstream from, Server by, Duration silence) {}

    /**
     * Ends as an exchange. The answer's head is in the workshop's output, to be written first.
     *
     * @param persistence as the client is told
     * @param behind bytes that go to the client behind it
     */
    Switched switched(ResponseHead head, Persistence persistence, int behind) {
        Server by = server;
        Passage how = passage;
        Upstream used = connection;
        if (used == null || by == null || how == null) {
            throw new IllegalStateException("a response without a server");
        }
        answering = true;
        Output output = shop.output;
        output.clear();
        ResponseRewrite.write(head, persistence, false, output);
        remember(head, output);
        noteHead(head.status(), output.length());
        toClient(output.length() + behind);
        connection = null;
        server = null;
        return new Switched(used, by, how.tunnel());
    }
}
