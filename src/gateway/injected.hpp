// Gateway::Injected: what the runtime hands to a user's gateway. It waits in `next` while the constructor runs, so that the
// accessors work in there already.
//
// Thread: the I/O thread. Lifetime: what the pointers show outlives the gateway. Cancellation: none.
#pragma once
#include <memory>

#include "gateway/gateway_core.hpp"
#include "jina/gateway.hpp"

namespace jina {

struct Gateway::Injected {
  GatewayRuntimeArgs args{};
  Logger logger{};
  TracerProvider* provider = nullptr;
  Tracer tracer{};
  Metrics metrics{};
  gateway::GatewayCore* core = nullptr;
  boost::asio::io_context* io = nullptr;

  static thread_local std::shared_ptr<Injected> next;
};

}  // namespace jina
