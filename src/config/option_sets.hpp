// The arguments of each command, with Jina's names and defaults; the YAML keys of a Flow, a Deployment, an Executor and a Gateway
// are the same names with underscores.
//
// Thread: built on first use, constant afterwards. Lifetime: static. Cancellation: none.
#pragma once
#include "config/option.hpp"

namespace jina::config {

/// `jina gateway`, and the `gateway:` section of a Flow.
const OptionSet& gateway_options();
/// `jina executor`.
const OptionSet& executor_options();
/// An item of a Flow's `executors:` (what Flow.add() takes), `needs` and `method` included.
const OptionSet& deployment_options();
/// `with:` of a Flow beside the gateway's: what the Flow itself uses.
const OptionSet& flow_options();

/// The compressions' names on Jina's command line.
inline constexpr const char* kCompressions[] = {"NoCompression", "Deflate", "Gzip"};

namespace detail {
/// Arguments that gateway and Executor share; the defaults of --name and --runtime-cls differ.
void add_common(OptionSet& set, boost::json::value name, const char* runtime_class, const char* pod_role);
void add_observability(OptionSet& set);
void add_tls_server(OptionSet& set);
void add_http(OptionSet& set);
void add_executor_only(OptionSet& set);
void add_modules(OptionSet& set, const char* group);
}  // namespace detail

}  // namespace jina::config
