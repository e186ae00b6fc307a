// HttpGateway: base class of gateways that are routes over HTTP and WebSocket; the counterpart of Jina's FastAPIBaseGateway.
//
//   class TextGateway : public jina::HttpGateway {
//    public:
//     void setup_app(jina::App& app) override {
//       app.title("Text gateway");
//       app.get("/", &TextGateway::answer);
//     }
//     jina::Task<Answer> answer(jina::Query<Ask> ask);      // streamer() sends Documents through the Flow
//   };
//   JINA_MODULE(registry) { registry.add<TextGateway>("TextGateway"); }
//
// It brings the server: HTTP/1.1, HTTP/2 and WebSocket on every port of the gateway, TLS with --ssl-certfile and --ssl-keyfile,
// CORS with --cors, /docs, /redoc and /openapi.json, and the health checks: GET / (unless setup_app has one), /livez, /readyz, and
// gRPC's health service where the gateway has the protocol GRPC. Jina's own protocols are off until they are switched on.
//
// An Executor that can not be reached ends a handler with RequestFailed (jina/streamer.hpp): left alone it is answered 503, or 504
// when it was too slow, with the Executor's name and addresses; app.on_error<jina::RequestFailed> changes that.
//
// Thread, lifetime: as Gateway; handlers run on io(). Cancellation: when told to stop, health checks fail first, running requests
// are answered within the grace time, then connections are cut.
#pragma once
#include <memory>

#include "jina/app.hpp"
#include "jina/gateway.hpp"

namespace jina {

class GrpcServices;

class HttpGateway : public Gateway, public AppOwner {
 public:
  HttpGateway();
  ~HttpGateway() override;

  /// Fills the routes; called once, before the ports are bound. Throwing ends the process with the message.
  virtual void setup_app(App& app) = 0;
  /// Adds gRPC services of the gateway's own (jina/grpc_service.hpp); every port then speaks gRPC too.
  virtual void setup_services(GrpcServices& on);

  Task<void> setup_server() override;
  Task<void> run_server() override;
  Task<void> shutdown() override;

 protected:
  // Jina's protocols beside the gateway's own routes, which come first where both have a path. For the constructor or setup_app.
  // With several ports each protocol is served where the gateway's arguments say so; with one port all are on it.

  /// Call, process_single_data, endpoint_discovery, dry_run and the other services of Jina's gRPC gateway.
  void serve_jina_grpc();
  /// /post, /index, /search, /update, /delete, /status, /dry_run, as --no-crud-endpoints, --no-debug-endpoints and
  /// --expose-endpoints have them.
  void serve_jina_http();
  /// The WebSocket protocol on / and /dry_run.
  void serve_jina_websocket();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jina
