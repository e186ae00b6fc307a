// RouteRecord: the `routes` of a request on its way up and of its answer (wire facts, sections 3 and 4).
//
// Thread: free functions. Lifetime: results own their bytes. Cancellation: none.
#pragma once
#include <cstdint>

#include "jina/bytes.hpp"
#include "wire/data_request.hpp"

namespace jina::topology {

inline constexpr std::string_view kGatewayRoute = "gateway";

/// The client's routes and the gateway's, which has no end yet: what Executors get.
Bytes upstream_routes(const Bytes& client_routes, std::int64_t start_ns);

/// Collects the routes of an answer.
class AnswerRoutes {
 public:
  /// Begins with what stays of the client's routes (those of other gateways, which end now) and the gateway's own.
  AnswerRoutes(const Bytes& client_routes, std::int64_t start_ns, std::int64_t end_ns);
  void add(const wire::Route& route) { wire::append_route(routes_, route); }
  Bytes take();

 private:
  std::string& routes_;  // of the thread: its memory is used again
};

}  // namespace jina::topology
