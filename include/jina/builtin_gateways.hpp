// The gateways that `jina gateway` runs by default, by Jina's names, as bases of gateways of one's own.
//
//   class MyGateway : public jina::builtin::HTTPGateway {              // Jina's HTTP gateway, and one route more
//    public:
//     void setup_app(jina::App& app) override {
//       HTTPGateway::setup_app(app);
//       app.get("/hello", [] { return std::string("hello"); });
//     }
//   };
//
// As they are, `--uses HTTPGateway` and so on name them, or no --uses at all; the program then serves them on as many threads as
// --io-threads says. A class that derives from one has a single I/O thread, as every custom gateway.
//
// Thread, lifetime, cancellation: as HttpGateway.
#pragma once
#include "jina/http_gateway.hpp"

namespace jina::builtin {

/// Jina's gRPC services. Services of one's own go into setup_services.
class GRPCGateway : public HttpGateway {
 public:
  GRPCGateway() { serve_jina_grpc(); }
  void setup_app(App& app) override;
};

/// Jina's HTTP routes.
class HTTPGateway : public HttpGateway {
 public:
  HTTPGateway() { serve_jina_http(); }
  void setup_app(App& app) override;
};

/// Jina's WebSocket protocol.
class WebSocketGateway : public HttpGateway {
 public:
  WebSocketGateway() { serve_jina_websocket(); }
  void setup_app(App& app) override;
};

/// All of them, as far as --protocol names them.
class CompositeGateway : public HttpGateway {
 public:
  CompositeGateway();
  void setup_app(App& app) override;
};

}  // namespace jina::builtin
