#include "otlp/encode.hpp"
#include "otlp/transport.hpp"
#include "protocol/grpc/channel.hpp"

namespace jina::otlp {
namespace {

constexpr const char* kExport = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

// The codes of the OTLP specification; RESOURCE_EXHAUSTED only when the collector says that it recovers.
bool may_try_again(StatusCode code, bool delay_named) {
  switch (code) {
    case StatusCode::kCancelled:
    case StatusCode::kDeadlineExceeded:
    case StatusCode::kAborted:
    case StatusCode::kOutOfRange:
    case StatusCode::kUnavailable:
    case StatusCode::kDataLoss: return true;
    case StatusCode::kResourceExhausted: return delay_named;
    default: return false;
  }
}

grpc::ChannelOptions channel_options(const ExportOptions& options) {
  grpc::ChannelOptions channel;
  channel.tls = options.endpoint.tls;
  channel.ca_file = options.ca_file;
  channel.max_receive_bytes = 1 << 20;
  channel.compression = options.gzip ? grpc::Compression::kGzip : grpc::Compression::kIdentity;
  channel.connect_timeout = options.timeout;
  channel.keepalive_time = std::chrono::milliseconds(0);  // collectors cut connections that ping while nothing is asked
  return channel;
}

std::string address_of(const Endpoint& endpoint) {
  const bool v6 = endpoint.host.find(':') != std::string::npos;
  return (v6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" + std::to_string(endpoint.port);
}

class GrpcTransport final : public Transport {
 public:
  GrpcTransport(boost::asio::io_context& io, const ExportOptions& options)
      : options_(options), channel_(io, address_of(options.endpoint), channel_options(options)) {}
  ~GrpcTransport() override { channel_.close(); }

  Task<Outcome> send(std::string message) override {
    // The pauses between tries are the exporter's: the channel's own would only repeat the last error.
    if (channel_.state() == grpc::ChannelState::kBackoff) channel_.reset();
    grpc::CallOptions call;
    call.metadata = options_.headers;
    call.deadline = std::chrono::steady_clock::now() + options_.timeout;
    Buffer request = Buffer::take(std::move(message));
    std::string path = kExport;
    Task<grpc::UnaryReply> task = channel_.unary(std::move(path), std::move(request), std::move(call));
    grpc::UnaryReply reply = co_await std::move(task);
    Outcome outcome;
    outcome.wait = retry_delay(reply.status_details);
    outcome.try_again = may_try_again(reply.status.code, outcome.wait.has_value());
    outcome.status = std::move(reply.status);
    outcome.response = reply.message.str();
    co_return outcome;
  }

 private:
  ExportOptions options_;
  grpc::Channel channel_;
};

}  // namespace

std::unique_ptr<Transport> make_grpc_transport(boost::asio::io_context& io, const ExportOptions& options) {
  return std::make_unique<GrpcTransport>(io, options);
}

}  // namespace jina::otlp
