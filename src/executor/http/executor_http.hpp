// ExecutorHttp: Jina's HTTP server of an Executor in front of an ExecutorHost.
//
//   POST /<endpoint>   {"data": Document or list, "parameters": {...}} -> {"data": [...], "parameters": {...}}
//   GET /<endpoint>    of a generator: server-sent events (app/stream/document_events.hpp)
//   GET /              {} while the Executor is healthy, else 503
//   /docs, /redoc, /openapi.json
//
// A function that throws is 499 {"detail": "ValueError('boom')"}; input that is wrong is 422 as FastAPI words it.
//
// Thread: the host's I/O thread. Lifetime: outlives the server; the host outlives it. Cancellation: see http/handler.hpp.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "executor/executor_host.hpp"
#include "protocol/http/handler.hpp"

namespace jina {

class ExecutorHttp final : public http::Handler {
 public:
  /// After host.setup(): the table is read now.
  explicit ExecutorHttp(ExecutorHost& host);

  Task<http::Response> handle(RequestContext& context, http::Request request) override;

 private:
  struct Route {
    std::string endpoint;  ///< as the table has it
    const Endpoint* row;
  };

  http::Response health();
  http::Response page(const http::Request& request);
  Task<http::Response> post(const Route& route, RequestContext& context, const http::Request& request);
  Task<http::Response> stream(const Route& route, RequestContext& context, const http::Request& request);

  ExecutorHost& host_;
  std::map<std::string, Route, std::less<>> routes_;  // "/search"
  std::string openapi_;
};

}  // namespace jina
