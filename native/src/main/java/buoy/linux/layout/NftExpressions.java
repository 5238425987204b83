package buoy.linux.layout;

/**
 * What a rule of nf_tables does with a packet, step by step: the expressions this program needs
 * (linux/netfilter/nf_tables.h). A rule goes on as long as its comparisons hold. Everything is
 * loaded into one register.
 */
final class NftExpressions {
    private static final int REGISTER = 1;
    private static final int VERDICT_REGISTER = 0;
    private static final int LIST_ELEMENT = 1;

    /** {@code NFT_META_NFPROTO}: the family of the packet. */
    private static final int FAMILY = 15;

    /** {@code NFT_META_L4PROTO}: the protocol behind all extension headers. */
    private static final int PROTOCOL = 16;

    private static final int NETWORK_HEADER = 1;
    private static final int TRANSPORT_HEADER = 2;
    private static final int DROP = 0;
    private static final int ACCEPT = 1;

    private final NestedAttributes all = new NestedAttributes();

    NftExpressions familyIs(int family) {
        return meta(FAMILY).is(family);
    }

    NftExpressions protocolIs(int protocol) {
        return meta(PROTOCOL).is(protocol);
    }

    /**
     * Goes on if the set has these bytes of the IP header.
     *
     * @param set its name
     */
    NftExpressions networkHeaderIn(int offset, int length, String set) {
        return payload(NETWORK_HEADER, offset, length)
                .add("lookup", new NestedAttributes().text(1, set).number32(2, REGISTER));
    }

    NftExpressions transportByteIs(int offset, int value) {
        return payload(TRANSPORT_HEADER, offset, 1).is(value);
    }

    /** Goes on if of the bits of {@code mask} those of {@code value} are set and no others. */
    NftExpressions transportBitsAre(int offset, int mask, int value) {
        return payload(TRANSPORT_HEADER, offset, 1)
                .add(
                        "bitwise",
                        new NestedAttributes()
                                .number32(1, REGISTER)
                                .number32(2, REGISTER)
                                .number32(3, 1)
                                .list(4, value(mask))
                                .list(5, value(0)))
                .is(value);
    }

    /** Counts, for people who list the table, and drops. */
    NftExpressions drop() {
        return add("counter", new NestedAttributes()).verdict(DROP);
    }

    NftExpressions accept() {
        return verdict(ACCEPT);
    }

    private NftExpressions meta(int key) {
        return add("meta", new NestedAttributes().number32(1, REGISTER).number32(2, key));
    }

    private NftExpressions payload(int base, int offset, int length) {
        return add(
                "payload",
                new NestedAttributes()
                        .number32(1, REGISTER)
                        .number32(2, base)
                        .number32(3, offset)
                        .number32(4, length));
    }

    private NftExpressions is(int value) {
        return add(
                "cmp",
                new NestedAttributes()
                        .number32(1, REGISTER)
                        .number32(2, 0) // equal
                        .list(3, value(value)));
    }

    private NftExpressions verdict(int code) {
        NestedAttributes verdict = new NestedAttributes().number32(1, code);
        return add(
                "immediate",
                new NestedAttributes()
                        .number32(1, VERDICT_REGISTER)
                        .list(2, new NestedAttributes().list(2, verdict)));
    }

    /** {@code NFTA_DATA_VALUE} of one byte. */
    private static NestedAttributes value(int octet) {
        return new NestedAttributes().bytes(1, new byte[] {(byte) octet});
    }

    private NftExpressions add(String name, NestedAttributes data) {
        all.list(LIST_ELEMENT, new NestedAttributes().text(1, name).list(2, data));
        return this;
    }

    NestedAttributes attributes() {
        return all;
    }
}
