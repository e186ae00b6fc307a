// Transport: one try to hand an encoded ExportTraceServiceRequest to a collector, over gRPC or HTTP.
//
// Thread: the exporter's. Lifetime: await every send() before destruction. Cancellation: the timeout in the options.
#pragma once
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "jina/status.hpp"
#include "jina/task.hpp"
#include "otlp/export_options.hpp"

namespace jina::otlp {

struct Outcome {
  Status status{};
  bool try_again = false;                           ///< the same batch may be taken later
  std::optional<std::chrono::milliseconds> wait{};  ///< the collector's own word on when
  std::string response{};                           ///< ExportTraceServiceResponse, when status is OK
};

class Transport {
 public:
  virtual ~Transport() = default;
  virtual Task<Outcome> send(std::string message) = 0;
};

std::unique_ptr<Transport> make_grpc_transport(boost::asio::io_context& io, const ExportOptions& options);
std::unique_ptr<Transport> make_http_transport(const ExportOptions& options);

}  // namespace jina::otlp
