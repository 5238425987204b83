package buoy.daemon.imports.keepalived;

import buoy.daemon.imports.draft.Fate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every keyword of keepalived.conf(5), version 2.2.7, by the block it stands in, and what becomes
 * of it. It agrees with the tables in docs/vrrp.md.
 *
 * <p>Longer than other files, because it is one table.
 */
final class Keywords {
    private static final String TOP =
            """
            global_defs | +
            vrrp_instance | +
            vrrp_script | +
            vrrp_sync_group | +
            vrrp_track_process | +
            vrrp_track_file | +
            track_file | +
            virtual_server | +
            virtual_server_group | there is no IPVS / write listeners with a pool
            static_ipaddress | what does not float is the system's / write it for networkd, ifupdown or NetworkManager
            static_routes | what does not float is the system's / write them for networkd, ifupdown or NetworkManager
            static_rules | what does not float is the system's / write them for networkd, ifupdown or NetworkManager
            track_group | it watches static addresses, which are the system's / track: [{interface: NAME}] of a router, or a script
            bfd_instance | there is no BFD / write advertise: 10ms, which finds a dead peer as fast
            linkbeat_interfaces | =
            interface_up_down_delays | note a link that is down cannot be spoken on; preempt-delay keeps a flapping one from taking over
            garp_group | note announce of each router spaces its own announcements (every)
            SSL | certificates for checks of servers / write tls of the pool
            net_namespace | Buoy stays in the network namespace it is started in / NetworkNamespacePath= in its unit
            net_namespace_ipvs | there is no IPVS / write pools and listeners
            namespace_with_ipsets | =
            instance | =
            use_pid_dir | =
            linkbeat_use_polling | =
            child_wait_time | =
            config_id | =
            """;

    private static final String GLOBAL =
            """
            router_id | +
            vrrp_mcast_group4 | the group is the protocol's, 224.0.0.18 / another router-id, or unicast
            vrrp_mcast_group6 | the group is the protocol's, ff02::12 / another router-id, or unicast
            vrrp_garp_master_delay | +
            vrrp_garp_master_repeat | +
            vrrp_min_garp | +
            vrrp_garp_lower_prio_delay | =
            vrrp_garp_lower_prio_repeat | =
            vrrp_garp_master_refresh | +
            vrrp_garp_master_refresh_repeat | =
            vrrp_garp_interval | =
            vrrp_gna_interval | =
            vrrp_garp_extra_if | note addresses are on the router's own interface
            vrrp_down_timer_adverts | it is three intervals, as the protocol says / a longer advertise
            vrrp_lower_prio_no_advert | =
            vrrp_higher_prio_send_advert | =
            vrrp_version | +
            nftables | =
            nftables_priority | =
            nftables_counters | =
            nftables_ifindex | =
            nftables_ipvs | =
            nftables_ipvs_ | =
            vrrp_iptables | note where a firewall is needed Buoy has an nftables table of its own
            vrrp_ipsets | =
            iptables | =
            disable_local_igmp | note a setting of the kernel: net.ipv4.igmp_link_local_mcast_reports=0
            vrrp_check_unicast_src | =
            vrrp_skip_check_adv_addr | =
            vrrp_strict | +
            vrrp_notify_priority_changes | note the log and the events tell of priorities
            max_auto_priority | =
            min_auto_priority_delay | =
            vrrp_priority | =
            vrrp_rt_priority | =
            vrrp_rlimit_rttime | =
            vrrp_rlimit_rtime | =
            vrrp_no_swap | =
            vrrp_cpu_affinity | Buoy runs where it is let / CPUAffinity= in its unit
            vrrp_process_name | =
            vrrp_notify_fifo | there is no FIFO / read GET /api/v1/events of the admin socket, or write notify
            vrrp_notify_fifo_script | there is no FIFO / read GET /api/v1/events of the admin socket, or write notify
            notify_fifo | there is no FIFO / read GET /api/v1/events of the admin socket, or write notify
            notify_fifo_script | there is no FIFO / read GET /api/v1/events of the admin socket, or write notify
            fifo_write_vrrp_states_on_reload | =
            dynamic_interfaces | =
            vrrp_netlink_ | =
            vrrp_rx_bufs_ | =
            vrrp_startup_delay | +
            log_unknown_vrids | =
            vmac_prefix | =
            vmac_addr_prefix | =
            script_user | +
            enable_script_security | =
            default_interface | +
            enable_snmp_ | note there is no SNMP: /metrics of stats is for Prometheus, /api/v1/status is JSON
            enable_traps | note there is no SNMP: /metrics of stats is for Prometheus, /api/v1/status is JSON
            snmp_socket | =
            enable_dbus | note there is no D-Bus: /api/v1/status is JSON, and /api/v1/events tells what happens
            dbus_service_name | =
            dbus_no_interface_name | =
            notification_email | +
            notification_email_from | =
            smtp_server | =
            smtp_helo_name | =
            smtp_connect_timeout | =
            smtp_alert | +
            smtp_alert_vrrp | +
            smtp_alert_checker | +
            no_email_faults | =
            email_faults | =
            lvs_sync_daemon | there is no IPVS to keep in step / long sessions are cut at a move, and clients come again
            lvs_ | =
            checker_ | =
            bfd_ | =
            process_names | =
            process_name | =
            process_monitor_rcv_bufs | =
            process_monitor_rcv_bufs_force | =
            startup_script | programs around a start are the unit's / ExecStartPre= in it
            startup_script_timeout | =
            shutdown_script | programs around a stop are the unit's / ExecStopPost= in it
            shutdown_script_timeout | =
            tmp_config_directory | =
            config_save_dir | =
            umask | =
            random_seed | =
            rs_init_notifies | =
            no_checker_emails | =
            include_check | =
            reload_check_config | =
            reload_time_file | a reload is asked for / buoy reload from a timer
            reload_repeat | =
            reload_file | =
            data_use_instance | =
            use_symlink_paths | =
            linkbeat_use_polling | =
            net_namespace | Buoy stays in the network namespace it is started in / NetworkNamespacePath= in its unit
            net_namespace_ipvs | there is no IPVS / write pools and listeners
            namespace_with_ipsets | =
            instance | =
            use_pid_dir | =
            child_wait_time | =
            """;

    private static final String INSTANCE =
            """
            state | +
            interface | +
            vrf | note the interface belongs to its VRF
            use_vmac | +
            use_vmac_addr | addresses of a router are all on its own interface / write a router for each interface, of one group
            vmac_xmit_base | note advertisements go out from the virtual MAC address, as RFC 9568 7.3 wants
            use_ipvlan | there is no ipvlan / virtual-mac: true, or the interface itself
            native_ipv6 | +
            dont_track_primary | a router without its link is in fault / leave it so: it could not be heard
            track_interface | +
            track_script | +
            track_file | +
            track_process | +
            track_bfd | there is no BFD / write advertise: 10ms, which finds a dead peer as fast
            mcast_src_ip | +
            unicast_src_ip | +
            mcast_dst_ip | the group is the protocol's / another router-id, or unicast
            track_src_ip | =
            version | +
            check_unicast_src | =
            unicast_peer | +
            unicast_fault_no_peer | =
            unicast_ttl | +
            old_unicast_checksum | is of versions before 1.3.6 / update keepalived on the other host first
            garp_master_delay | +
            garp_master_repeat | +
            garp_lower_prio_delay | =
            garp_lower_prio_repeat | =
            garp_master_refresh | +
            garp_master_refresh_repeat | =
            garp_extra_if | note addresses are on the router's own interface
            down_timer_adverts | it is three intervals, as the protocol says / a longer advertise
            lower_prio_no_advert | =
            higher_prio_send_advert | =
            virtual_router_id | +
            priority | +
            advert_int | +
            authentication | +
            auth_type | +
            auth_pass | +
            virtual_ipaddress | +
            virtual_ipaddress_excluded | +
            promote_secondaries | =
            virtual_routes | +
            virtual_rules | +
            accept | +
            no_accept | +
            nopreempt | +
            preempt | +
            preempt_delay | +
            skip_check_adv_addr | =
            strict_mode | +
            debug | =
            notify_master | +
            notify_backup | +
            notify_fault | +
            notify_stop | +
            notify_deleted | +
            notify | +
            notify_master_rx_lower_pri | there is no such call / GET /api/v1/events tells of peers that are heard
            notify_priority_changes | note the log and the events tell of priorities
            smtp_alert | +
            kernel_rx_buf_size | =
            linkbeat_use_polling | =
            lvs_sync_daemon_interface | there is no IPVS to keep in step / long sessions are cut at a move, and clients come again
            """;

    private static final String GROUP =
            """
            group | +
            track_interface | +
            track_script | +
            track_file | +
            track_process | +
            track_bfd | there is no BFD / write advertise: 10ms, which finds a dead peer as fast
            notify_master | +
            notify_backup | +
            notify_fault | +
            notify_stop | +
            notify_deleted | +
            notify | +
            notify_priority_changes | note the log and the events tell of priorities
            smtp_alert | +
            global_tracking | =
            sync_group_tracking_weight | +
            """;

    private static final String SCRIPT =
            """
            script | +
            interval | +
            timeout | +
            weight | +
            rise | +
            fall | +
            user | +
            init_fail | note until it has told, a script counts as neither: the first result counts at once
            """;

    private static final String FILE =
            """
            file | +
            weight | +
            init_file | note a file that is missing counts as 0; nobody's file is written
            """;

    private static final String PROCESS =
            """
            process | +
            param_match | +
            weight | +
            quorum | +
            quorum_max | it is not bounded / let a script count
            fork_delay | =
            terminate_delay | =
            delay | =
            full_command | +
            """;

    private static final String VIRTUAL_SERVER =
            """
            lb_algo | +
            lvs_sched | +
            lb_kind | =
            lvs_method | =
            persistence_timeout | +
            persistence_engine | looks into packets of SIP / keep IPVS for SIP
            persistence_granularity | takes whole networks for one client / balance: source-hash of single addresses
            protocol | +
            ha_suspend | =
            smtp_alert | Buoy sends no mail / let Prometheus tell whoever does, of buoy_server_up
            virtualhost | +
            snmp_name | =
            alpha | =
            omega | =
            quorum | a pool serves while one server is up / track: [{pool: NAME, below: N, weight: -60}]
            hysteresis | =
            quorum_up | runs no programs / GET /api/v1/events tells of servers
            quorum_down | runs no programs / GET /api/v1/events tells of servers
            ip_family | =
            sorry_server | +
            sorry_server_inhibit | =
            sorry_server_lvs_method | =
            connect_timeout | +
            retry | +
            delay_before_retry | +
            warmup | =
            delay_loop | +
            inhibit_on_failure | =
            real_server | +
            ops | =
            flag-1 | =
            flag-2 | =
            flag-3 | =
            sh-port | counts the client's port, too / balance: random-two
            sh-fallback | =
            mh-port | counts the client's port, too / balance: random-two
            mh-fallback | =
            """;

    private static final String REAL_SERVER =
            """
            weight | +
            lvs_method | =
            notify_up | runs no programs / GET /api/v1/events tells of servers
            notify_down | runs no programs / GET /api/v1/events tells of servers
            uthreshold | +
            lthreshold | =
            smtp_alert | =
            virtualhost | +
            snmp_name | =
            alpha | =
            connect_timeout | +
            retry | +
            delay_before_retry | +
            warmup | =
            delay_loop | +
            inhibit_on_failure | =
            HTTP_GET | +
            SSL_GET | +
            TCP_CHECK | +
            SMTP_CHECK | +
            DNS_CHECK | +
            MISC_CHECK | +
            BFD_CHECK | +
            PING_CHECK | +
            UDP_CHECK | +
            FILE_CHECK | +
            """;

    private static final Map<String, Map<String, Fate>> TABLES = new HashMap<>();

    static {
        TABLES.put("", Fate.table(TOP));
        TABLES.put("global_defs", Fate.table(GLOBAL));
        TABLES.put("vrrp_instance", Fate.table(INSTANCE));
        TABLES.put("vrrp_sync_group", Fate.table(GROUP));
        TABLES.put("vrrp_script", Fate.table(SCRIPT));
        TABLES.put("vrrp_track_file", Fate.table(FILE));
        TABLES.put("track_file", Fate.table(FILE));
        TABLES.put("virtual_server", Fate.table(VIRTUAL_SERVER));
        TABLES.put("real_server", Fate.table(REAL_SERVER));
        TABLES.put("vrrp_track_process", Fate.table(PROCESS));
    }

    private Keywords() {}

    /**
     * What becomes of a statement, or nothing where it is not known.
     *
     * @param block the keyword of the block it stands in; empty for none
     */
    static Optional<Fate> of(String block, List<String> words) {
        return Fate.find(TABLES.getOrDefault(block, Map.of()), words);
    }
}
