// HeadOptions: everything a head is started with; the command line and a Flow end here. Defaults as Jina's.
//
// Thread: plain value. Lifetime: copied into the runtime. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "jina/tracing.hpp"
#include "metrics/registry.hpp"
#include "protocol/grpc/server.hpp"
#include "protocol/server/server.hpp"

namespace jina::head {

struct HeadOptions {
  std::string name = "head";  ///< pod name, "upper/head" in a Flow
  std::string host = "0.0.0.0";
  std::uint16_t port = 0;  ///< 0: the kernel chooses
  protocol::TlsFiles tls{};

  boost::json::object shards{};  ///< --connection-list: number of the shard -> address, or list of its replicas' addresses
  std::string polling = "ANY";   ///< as Polling::parse reads it
  std::string uses_before{};     ///< address of what gets the requests before the shards; empty: none
  std::string uses_after{};      ///< address of what gets the shards' answers; empty: they are reduced
  bool reduce = true;            ///< false: without uses_after, the Documents of the request are the answer's, as in Jina

  // Calls to the shards.
  std::optional<std::chrono::milliseconds> timeout_send{};  ///< of each try; empty or negative: none
  int retries = -1;                                         ///< n >= 0: 1 + n tries; negative: max(3, replicas) + 1
  grpc::Compression compression = grpc::Compression::kIdentity;

  TracerProvider tracing{};                      ///< where spans go; a provider that is not enabled: tracing is off
  std::shared_ptr<metrics::Registry> metrics{};  ///< where it counts; null: monitoring is off
  std::chrono::milliseconds grace{10'000};       ///< how long stop() lets running requests finish
};

}  // namespace jina::head
