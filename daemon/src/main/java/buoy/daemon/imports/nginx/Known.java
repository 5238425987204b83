package buoy.daemon.imports.nginx;

import buoy.daemon.imports.draft.Fate;
import buoy.daemon.imports.draft.Remarks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every directive that is known, and what becomes of it by its name alone.
 *
 * <p>Longer than other files, because it is one table.
 */
final class Known {
    /** {@code names | + read, = nothing to do, note TEXT, or WHAT / INSTEAD}. */
    private static final String TABLE =
            """
            http events server location upstream stream if limit_except | +
            map split_clients | +
            types | =
            include | left where it stands / write it within a block
            listen server_name return rewrite set break default_type | +
            ssl http2 ssl_certificate ssl_certificate_key ssl_protocols ssl_client_certificate ssl_verify_client ssl_crl ssl_reject_handshake | +
            ssl_session_ticket_key ssl_early_data ssl_password_file | +
            ssl_ciphers ssl_prefer_server_ciphers ssl_session_cache ssl_session_timeout ssl_session_tickets ssl_dhparam ssl_ecdh_curve ssl_buffer_size | =
            ssl_stapling ssl_stapling_verify ssl_stapling_file ssl_stapling_responder ssl_trusted_certificate ssl_verify_depth ssl_conf_command ssl_handshake_timeout ssl_engine | =
            ssl_ocsp ssl_ocsp_responder ssl_ocsp_cache | asks responders about certificates of clients / write crl: tls: {client: {crl: FILE}}
            ssl_preread | +
            least_conn ip_hash hash random zone keepalive state | +
            keepalive_requests keepalive_timeout keepalive_time | +
            queue sticky slow_start least_time | +
            health_check match | +
            proxy_pass grpc_pass | +
            proxy_set_header grpc_set_header add_header proxy_hide_header grpc_hide_header | +
            proxy_connect_timeout proxy_read_timeout grpc_connect_timeout grpc_read_timeout proxy_timeout proxy_responses | +
            proxy_next_upstream proxy_next_upstream_tries grpc_next_upstream grpc_next_upstream_tries | +
            proxy_next_upstream_timeout grpc_next_upstream_timeout | =
            proxy_ssl proxy_ssl_verify proxy_ssl_trusted_certificate proxy_ssl_name proxy_ssl_certificate proxy_ssl_certificate_key proxy_ssl_server_name | +
            grpc_ssl_verify grpc_ssl_trusted_certificate grpc_ssl_name grpc_ssl_certificate grpc_ssl_certificate_key grpc_ssl_server_name | +
            proxy_ssl_protocols proxy_ssl_ciphers proxy_ssl_session_reuse proxy_ssl_verify_depth proxy_ssl_conf_command grpc_ssl_protocols grpc_ssl_ciphers grpc_ssl_session_reuse grpc_ssl_verify_depth | =
            proxy_ssl_crl grpc_ssl_crl | certificates of servers are not looked up in a list / have them issued for short times
            proxy_ssl_password_file grpc_ssl_password_file | keys have no passwords here / openssl pkey -in KEY -out KEY.plain
            proxy_protocol proxy_bind mirror | +
            mirror_request_body | =
            proxy_http_version proxy_buffering proxy_buffers proxy_buffer_size proxy_busy_buffers_size proxy_request_buffering proxy_send_timeout proxy_socket_keepalive proxy_send_lowat | =
            grpc_buffer_size grpc_send_timeout grpc_socket_keepalive proxy_max_temp_file_size proxy_temp_path proxy_temp_file_write_size proxy_headers_hash_bucket_size proxy_headers_hash_max_size | =
            proxy_temp_path client_body_temp_path fastcgi_temp_path uwsgi_temp_path scgi_temp_path proxy_buffer proxy_pass_request_headers proxy_ignore_client_abort proxy_session_drop | =
            proxy_force_ranges proxy_ignore_headers proxy_no_cache proxy_cache_bypass proxy_cache_key proxy_cache_valid proxy_cache_use_stale proxy_cache_lock proxy_cache_methods proxy_cache_revalidate proxy_cache_min_uses proxy_cache_background_update proxy_cache_lock_timeout proxy_cache_path | =
            proxy_cache | is a cache, and Buoy is none / keep one behind it
            proxy_store proxy_store_access | keeps what servers say in files / let another program do so
            proxy_redirect | +
            proxy_cookie_path proxy_cookie_domain proxy_cookie_flags | cookies go on as the server says them / have the application write them
            proxy_intercept_errors | +
            proxy_pass_header proxy_pass_request_body | =
            proxy_method | the method is the client's / give the route to an application that knows
            proxy_set_body | the content is the client's / give the route to an application that knows
            proxy_limit_rate proxy_download_rate proxy_upload_rate limit_rate limit_rate_after | bandwidth is not limited / limits: {requests-per-second: ...} and connections-per-client
            client_max_body_size client_header_timeout client_body_timeout large_client_header_buffers client_header_buffer_size | +
            client_body_buffer_size client_body_in_file_only client_body_in_single_buffer | =
            send_timeout sendfile sendfile_max_chunk tcp_nopush tcp_nodelay aio directio output_buffers postpone_output reset_timedout_connection lingering_close lingering_time lingering_timeout keepalive_disable keepalive_min_timeout | =
            types_hash_max_size types_hash_bucket_size server_names_hash_bucket_size server_names_hash_max_size variables_hash_max_size variables_hash_bucket_size map_hash_bucket_size map_hash_max_size connection_pool_size request_pool_size | =
            server_tokens server_name_in_redirect port_in_redirect absolute_redirect msie_padding msie_refresh chunked_transfer_encoding etag if_modified_since max_ranges log_not_found log_subrequest recursive_error_pages | =
            merge_slashes ignore_invalid_headers | note what a request may look like is in docs/http.md (What Buoy refuses)
            underscores_in_headers | +
            charset charset_types override_charset source_charset | =
            http2_max_concurrent_streams http2_recv_timeout http2_idle_timeout http2_max_requests http2_chunk_size http2_body_preread_size http2_recv_buffer_size http2_max_field_size http2_max_header_size http2_push http2_push_preload | =
            http3 http3_hq quic_retry quic_gso quic_host_key | HTTP/3 is not spoken here / clients come by HTTP/2 to the same port of TCP
            gzip gzip_types gzip_min_length brotli brotli_types zstd | +
            gzip_vary gzip_comp_level gzip_buffers gzip_proxied gzip_http_version gzip_disable gzip_static gunzip brotli_comp_level brotli_static zstd_comp_level zstd_types zstd_min_length brotli_min_length | =
            error_page | +
            auth_basic auth_basic_user_file satisfy allow deny internal | +
            auth_request auth_jwt auth_oidc | +
            auth_request_set auth_delay auth_jwt_key_file auth_jwt_require | =
            limit_req limit_req_zone limit_conn limit_conn_zone | +
            limit_req_status limit_conn_status limit_req_log_level limit_conn_log_level limit_req_dry_run limit_conn_dry_run | =
            access_log log_format | +
            open_log_file_cache | =
            set_real_ip_from real_ip_header real_ip_recursive | +
            resolver resolver_timeout | +
            stub_status | +
            status status_zone api | =
            geo | +
            geoip2 geoip_country geoip_city | decides by country / match: {client: [NETWORKS]} of a route
            valid_referers | looks at Referer / let the application do so
            root alias try_files index autoindex expires fastcgi_pass uwsgi_pass scgi_pass memcached_pass | +
            fastcgi_param fastcgi_index fastcgi_split_path_info fastcgi_read_timeout fastcgi_buffers fastcgi_buffer_size fastcgi_intercept_errors fastcgi_cache fastcgi_hide_header fastcgi_send_timeout fastcgi_connect_timeout fastcgi_pass_header fastcgi_keep_conn | =
            uwsgi_param uwsgi_read_timeout uwsgi_buffers scgi_param memcached_next_upstream autoindex_exact_size autoindex_localtime autoindex_format open_file_cache open_file_cache_valid open_file_cache_min_uses open_file_cache_errors disable_symlinks | =
            empty_gif dav_methods flv mp4 perl js_content content_by_lua content_by_lua_block content_by_lua_file random_index | +
            add_trailer | trailers are the server's / have the application write them
            sub_filter sub_filter_once sub_filter_types addition_types add_before_body add_after_body xslt_stylesheet ssi image_filter | changes content / let the application do so
            userid secure_link secure_link_md5 secure_link_secret | +
            js_import js_path js_set js_var js_access js_header_filter js_body_filter perl_modules perl_set perl_require | runs a program of its own / let the application do so
            access_by_lua_block access_by_lua_file rewrite_by_lua_block rewrite_by_lua_file | +
            lua_package_path lua_package_cpath lua_shared_dict lua_code_cache init_by_lua_block init_worker_by_lua_block set_by_lua_block header_filter_by_lua_block body_filter_by_lua_block log_by_lua_block balancer_by_lua_block | runs a program of its own / let the application do so
            worker_processes worker_shutdown_timeout | +
            user | note the packages' unit runs Buoy as the user buoy: it has to be able to read certificates and keys
            pid daemon master_process worker_connections multi_accept use accept_mutex accept_mutex_delay worker_rlimit_nofile worker_rlimit_core worker_priority worker_cpu_affinity worker_aio_requests working_directory timer_resolution thread_pool pcre_jit lock_file debug_connection debug_points env error_log google_perftools_profiles load_module | =
            preread_timeout preread_buffer_size proxy_protocol_timeout | =
            mail | mail is not spoken here / protocol: tcp, without its logins
            """;

    private static final Map<String, Fate> FATES = fates();

    private Known() {}

    private static Map<String, Fate> fates() {
        List<String> rows = new ArrayList<>();
        TABLE.lines()
                .forEach(
                        row -> {
                            int bar = row.indexOf(" | ");
                            for (String name : row.substring(0, bar).split(" ", -1)) {
                                rows.add(name + row.substring(bar));
                            }
                        });
        return Fate.table(String.join("\n", rows));
    }

    /** Says what becomes of directives, and of those in their blocks, by their names. */
    static void say(List<Directive> directives, Remarks remarks) {
        for (Directive each : directives) {
            Optional<Fate> fate = Optional.ofNullable(FATES.get(each.name()));
            boolean off = each.arg(0).equals("off") && fate.isPresent();
            if (!off) {
                List<String> words = new ArrayList<>(List.of(each.name()));
                words.addAll(each.args());
                Fate.say(
                        remarks,
                        each.at(),
                        words,
                        fate,
                        "see docs/http.md, docs/tls.md and docs/tcp.md for what there is");
            }
            // What stands in these are no directives.
            if (!each.name().matches("types|map|geo|split_clients|match")) {
                say(each.block(), remarks);
            }
        }
    }
}
