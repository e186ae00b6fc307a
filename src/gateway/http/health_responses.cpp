#include "gateway/http/health_responses.hpp"

#include "app/responses.hpp"

namespace jina::gateway {

http::Response live_response() { return app::static_json_response(200, R"({"status":"alive"})"); }

http::Response ready_response(bool ready) {
  return ready ? app::static_json_response(200, R"({"status":"ready"})")
               : app::static_json_response(503, R"({"status":"not ready"})");
}

}  // namespace jina::gateway
