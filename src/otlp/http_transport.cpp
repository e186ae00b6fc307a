#include <charconv>

#include "client/http_client.hpp"
#include "otlp/transport.hpp"
#include "protocol/grpc/compression.hpp"

namespace jina::otlp {
namespace {

client::Target target_of(const ExportOptions& options) {
  client::Target target;
  target.protocol = client::Protocol::kHttp;
  target.tls = options.endpoint.tls;
  target.host = options.endpoint.host;
  target.port = options.endpoint.port;
  target.ca_file = options.ca_file;
  return target;
}

// Seconds; a date is not understood.
std::optional<std::chrono::milliseconds> retry_after(const Metadata& headers) {
  const std::string* value = find_value(headers, "retry-after");
  if (value == nullptr) return std::nullopt;
  unsigned seconds = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), seconds);
  if (error != std::errc{} || end != value->data() + value->size() || seconds > 86'400) return std::nullopt;
  return std::chrono::seconds(seconds);
}

class HttpTransport final : public Transport {
 public:
  explicit HttpTransport(const ExportOptions& options) : options_(options), client_(target_of(options)) {}

  Task<Outcome> send(std::string message) override {
    client::HttpRequest request;
    request.method = "POST";
    request.path = options_.endpoint.path;
    request.headers = options_.headers;
    request.headers.emplace_back("content-type", "application/x-protobuf");
    if (options_.gzip) {
      const Buffer packed = grpc::compress(Buffer::take(std::move(message)), grpc::Compression::kGzip);
      message = packed.str();
      request.headers.emplace_back("content-encoding", "gzip");
    }
    request.body = std::move(message);
    Task<Result<client::HttpResponse>> task = client_.send(std::move(request), options_.timeout);
    Result<client::HttpResponse> response = co_await std::move(task);
    Outcome outcome;
    if (!response) {
      outcome.status = response.error();
      outcome.try_again = true;
    } else if (response->status == 200) {
      outcome.response = std::move(response->body);
    } else {
      const int code = response->status;
      outcome.try_again = code == 429 || code == 502 || code == 503 || code == 504;
      outcome.wait = retry_after(response->headers);
      outcome.status = {outcome.try_again ? StatusCode::kUnavailable : StatusCode::kFailedPrecondition,
                        "the collector answered HTTP " + std::to_string(code)};
    }
    co_return outcome;
  }

 private:
  ExportOptions options_;
  client::HttpClient client_;
};

}  // namespace

std::unique_ptr<Transport> make_http_transport(const ExportOptions& options) { return std::make_unique<HttpTransport>(options); }

}  // namespace jina::otlp
