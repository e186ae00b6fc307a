#include "gateway/gateway_streamer.hpp"

#include <boost/json/parse.hpp>
#include <cstdlib>
#include <utility>

#include "base/await_callback.hpp"
#include "connection_pool/connection_pool.hpp"
#include "streamer/docs_run.hpp"
#include "streamer/response.hpp"
#include "topology/graph_builder.hpp"

namespace jina {

namespace json = boost::json;

struct GatewayStreamer::Impl {
  // Of a streamer with connections of its own; null in one that the runtime made.
  std::unique_ptr<ConnectionPool> pool{};
  std::unique_ptr<topology::GraphRunner> own_runner{};
  topology::GraphRunner* runner = nullptr;
  int prefetch = 0;
};

namespace {

Result<grpc::Compression> parse_compression(std::string_view name) {
  if (name.empty() || name == "NoCompression") return grpc::Compression::kIdentity;
  if (name == "Deflate") return grpc::Compression::kDeflate;
  if (name == "Gzip") return grpc::Compression::kGzip;
  return Status{StatusCode::kInvalidArgument,
                "compression '" + std::string(name) + "' is unknown; choose from NoCompression, Deflate and Gzip"};
}

std::unique_ptr<GatewayStreamer::Impl> make_impl(boost::asio::io_context& io, const StreamerOptions& options) {
  const auto check = [](auto result) {
    if (!result) throw std::invalid_argument(result.error().message);
    return std::move(*result);
  };
  topology::GraphDescription description;
  description.graph = options.graph_representation;
  description.conditions = options.graph_conditions;
  description.no_reduce = options.deployments_no_reduce;
  description.addresses = options.executor_addresses;
  PoolOptions pool;
  pool.addresses = options.executor_addresses;
  pool.metadata = options.deployments_metadata;
  pool.timeout_send = options.timeout_send;
  pool.retries = options.retries;
  pool.compression = check(parse_compression(options.compression));
  auto impl = std::make_unique<GatewayStreamer::Impl>();
  auto graph = check(topology::build_graph(description));
  impl->pool = check(ConnectionPool::make(io, std::move(pool)));
  impl->own_runner = std::make_unique<topology::GraphRunner>(std::move(graph), *impl->pool);
  impl->runner = impl->own_runner.get();
  impl->prefetch = options.prefetch;
  return impl;
}

}  // namespace

GatewayStreamer::GatewayStreamer(boost::asio::io_context& io, const StreamerOptions& options) : impl_(make_impl(io, options)) {}
GatewayStreamer::GatewayStreamer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
GatewayStreamer::~GatewayStreamer() = default;

ResponseStream GatewayStreamer::stream(DocumentArray docs, StreamOptions options) {
  return ResponseStream(std::make_shared<streamer::DocsRun>(*impl_->runner, std::move(docs), options, impl_->prefetch));
}

DocsStream GatewayStreamer::stream_docs(DocumentArray docs, StreamOptions options) {
  return DocsStream(stream(std::move(docs), std::move(options)));
}

Task<Result<Bytes>> GatewayStreamer::process_single_data(Bytes request, RequestContext* context) {
  Result<wire::DataRequest> parsed = wire::DataRequest::parse(Buffer(std::move(request)));
  if (!parsed) co_return std::move(parsed).error();
  RequestContext own;
  auto start = [&](UniqueFunction<void(wire::Reply)> done) {
    impl_->runner->run(context != nullptr ? *context : own, std::move(*parsed), std::move(done));
  };
  wire::Reply reply = co_await await_callback<wire::Reply>(start);
  if (!reply.status.ok()) co_return std::move(reply.status);
  co_return reply.response.serialize().flatten();
}

Task<void> GatewayStreamer::close() {
  if (!impl_->own_runner) co_return;
  auto start = [&](UniqueFunction<void(bool)> done) {
    impl_->runner->when_idle([done = std::move(done)]() mutable { done(true); });
  };
  co_await await_callback<bool>(start);
  impl_->pool->close();
}

ResponseStream& ResponseStream::operator=(ResponseStream&& other) noexcept {
  if (this != &other) {
    if (run_) run_->abandon();
    run_ = std::move(other.run_);
  }
  return *this;
}

ResponseStream::~ResponseStream() {
  if (run_) run_->abandon();
}

Task<Result<std::optional<Response>>> ResponseStream::try_next() {
  using Answer = streamer::DocsRun::Answer;
  auto start = [run = run_](UniqueFunction<void(Answer)> done) { run->next(std::move(done)); };
  Answer answer = co_await await_callback<Answer>(start);
  if (!answer) co_return std::move(answer).error();
  if (!*answer) co_return std::optional<Response>{};
  Result<Response> response = streamer::make_response(**answer);
  if (!response) co_return std::move(response).error();
  co_return std::optional<Response>(std::move(*response));
}

Task<std::optional<Response>> ResponseStream::next() {
  Result<std::optional<Response>> response = co_await try_next();
  if (!response) throw RequestFailed(std::move(response).error());
  co_return std::move(*response);
}

Task<std::optional<DocumentArray>> DocsStream::next() {
  std::optional<Response> response = co_await responses_.next();
  if (!response) co_return std::nullopt;
  co_return std::move(response->docs);
}

Result<StreamerOptions> StreamerOptions::from_environment() {
  const char* text = std::getenv("JINA_STREAMER_ARGS");
  if (text == nullptr)
    return Status{StatusCode::kFailedPrecondition, "JINA_STREAMER_ARGS is not set: this process was not started by a gateway"};
  return from_json(text);
}

Result<StreamerOptions> StreamerOptions::from_json(std::string_view text) {
  const auto wrong = [](const std::string& what) { return Status{StatusCode::kInvalidArgument, "JINA_STREAMER_ARGS: " + what}; };
  boost::system::error_code error;
  const json::value parsed = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !parsed.is_object()) return wrong("expected a JSON object");
  StreamerOptions options;
  for (const auto& [key, value] : parsed.get_object()) {
    if (value.is_null()) continue;
    const auto object = [&](json::object& into) {
      if (value.is_object()) into = value.get_object();
      return value.is_object();
    };
    bool good = true;
    if (key == "graph_representation")
      good = object(options.graph_representation);
    else if (key == "executor_addresses")
      good = object(options.executor_addresses);
    else if (key == "graph_conditions")
      good = object(options.graph_conditions);
    else if (key == "deployments_metadata")
      good = object(options.deployments_metadata);
    else if (key == "deployments_no_reduce" && (good = value.is_array()))
      options.deployments_no_reduce = value.get_array();
    else if (key == "timeout_send" && (good = value.is_number()))
      options.timeout_send =
          std::chrono::milliseconds(static_cast<std::int64_t>(value.to_number<double>() * 1000));  // seconds there
    else if (key == "retries" && (good = value.is_int64()))
      options.retries = static_cast<int>(value.get_int64());
    else if (key == "prefetch" && (good = value.is_int64()))
      options.prefetch = static_cast<int>(value.get_int64());
    else if (key == "compression" && (good = value.is_string()))
      options.compression = std::string(std::string_view(value.get_string()));
    else if (key == "runtime_name" && (good = value.is_string()))
      options.runtime_name = std::string(std::string_view(value.get_string()));
    if (!good) return wrong("\"" + std::string(std::string_view(key)) + "\" has another type than expected");
  }
  return options;
}

namespace gateway {

std::unique_ptr<GatewayStreamer> make_streamer(topology::GraphRunner& runner, int prefetch) {
  auto impl = std::make_unique<GatewayStreamer::Impl>();
  impl->runner = &runner;
  impl->prefetch = prefetch;
  return std::make_unique<GatewayStreamer>(std::move(impl));
}

}  // namespace gateway
}  // namespace jina
