//! The engine's configuration, for a small machine that has better things to do.

use std::path::Path;

use super::ports::Ports;

/// The statements that make a server of ClickHouse's local mode: it serves until its standard input ends.
pub(super) const SERVE: &str = "SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP; \
    SELECT count() FROM file('/dev/stdin', LineAsString, 'line String') FORMAT Null";

/// The engine's `config.xml`. Caches and pools are small: the figures are asked for by a handful of
/// people, and merges may take their time. A part of up to 128 MiB is two files and not two a column: an insert of clicks
/// would make a hundred, each synced. An idle connection is closed after 3 s, because it holds up the
/// engine's end (by 5 s at most); clients of the `clickhouse` crate let go after 2 s. No `system.*_log` table is named, so none is kept and the disk
/// does not grow at rest.
pub(super) fn config_xml(directory: &Path, ports: Ports) -> String {
    let path = escape(&directory.join("data").to_string_lossy());
    let users = escape(&directory.join("users.xml").to_string_lossy());
    let Ports { http, tcp } = ports;
    format!(
        "<clickhouse>
  <path>{path}</path>
  <users_config>{users}</users_config>
  <listen_host>127.0.0.1</listen_host>
  <http_port>{http}</http_port>
  <tcp_port>{tcp}</tcp_port>
  <timezone>UTC</timezone>
  <max_connections>256</max_connections>
  <max_concurrent_queries>64</max_concurrent_queries>
  <keep_alive_timeout>3</keep_alive_timeout>
  <max_server_memory_usage_to_ram_ratio>0.5</max_server_memory_usage_to_ram_ratio>
  <memory_worker_period_ms>1000</memory_worker_period_ms>
  <asynchronous_metrics_update_period_s>60</asynchronous_metrics_update_period_s>
  <mark_cache_size>33554432</mark_cache_size>
  <primary_index_cache_size>33554432</primary_index_cache_size>
  <index_mark_cache_size>8388608</index_mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <compiled_expression_cache_size>16777216</compiled_expression_cache_size>
  <background_pool_size>2</background_pool_size>
  <background_merges_mutations_concurrency_ratio>1</background_merges_mutations_concurrency_ratio>
  <background_schedule_pool_size>4</background_schedule_pool_size>
  <background_common_pool_size>2</background_common_pool_size>
  <background_fetches_pool_size>1</background_fetches_pool_size>
  <background_move_pool_size>1</background_move_pool_size>
  <tables_loader_foreground_pool_size>1</tables_loader_foreground_pool_size>
  <tables_loader_background_pool_size>1</tables_loader_background_pool_size>
  <merge_tree>
    <min_bytes_for_wide_part>134217728</min_bytes_for_wide_part>
    <number_of_free_entries_in_pool_to_execute_mutation>1</number_of_free_entries_in_pool_to_execute_mutation>
    <number_of_free_entries_in_pool_to_lower_max_size_of_merge>1</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
    <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>1</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
  </merge_tree>
</clickhouse>
"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
