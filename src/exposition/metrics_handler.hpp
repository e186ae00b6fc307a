// MetricsHandler: answers every GET with the metrics as text; with ?name[]=, those alone. A browser at / gets an index.
//
// Thread: one I/O thread. Lifetime: shares the registry. Cancellation: none.
#pragma once
#include <memory>
#include <string>

#include "metrics/registry.hpp"
#include "protocol/http/handler.hpp"

namespace jina::exposition {

class MetricsHandler final : public http::Handler {
 public:
  MetricsHandler(std::shared_ptr<const metrics::Registry> registry, std::string title)
      : registry_(std::move(registry)), title_(std::move(title)) {}

  Task<http::Response> handle(RequestContext& context, http::Request request) override;

 private:
  std::string index() const;

  std::shared_ptr<const metrics::Registry> registry_;
  std::string title_;
};

}  // namespace jina::exposition
