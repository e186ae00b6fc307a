#include "topology/route_record.hpp"

#include "wire/pb_reader.hpp"

namespace jina::topology {
namespace {

// One answer at a time is put together on a thread.
std::string& scratch() {
  static thread_local std::string text;
  text.clear();
  return text;
}

}  // namespace

Bytes upstream_routes(const Bytes& client_routes, std::int64_t start_ns) {
  std::string& routes = scratch();
  routes.append(client_routes.view());
  wire::append_route(routes, {.executor = kGatewayRoute, .start_ns = start_ns});
  return Bytes::copy_of(routes);
}

AnswerRoutes::AnswerRoutes(const Bytes& client_routes, std::int64_t start_ns, std::int64_t end_ns) : routes_(scratch()) {
  // Gateways in a row: an outer gateway's route travels with the request, and each inner one sets its end.
  for (wire::RouteReader sent(client_routes.view()); sent.next();) {
    if (sent.route().executor != kGatewayRoute) continue;
    wire::PbReader field(sent.route().raw);
    if (!field.next()) continue;
    std::string ended;
    wire::append_route(ended, {.executor = {}, .end_ns = end_ns});  // a route of nothing but an end merges into the other
    wire::PbReader end(ended);
    if (!end.next()) continue;
    wire::PbWriter writer(routes_);
    writer.prefix(3, field.bytes().size() + end.bytes().size());
    routes_.append(field.bytes());
    routes_.append(end.bytes());
  }
  wire::append_route(routes_, {.executor = kGatewayRoute, .start_ns = start_ns, .end_ns = end_ns});
}

Bytes AnswerRoutes::take() { return Bytes::copy_of(routes_); }

}  // namespace jina::topology
