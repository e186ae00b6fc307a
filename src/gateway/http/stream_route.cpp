#include "gateway/http/stream_route.hpp"

#include <spdlog/spdlog.h>

#include <utility>

#include "app/document_input.hpp"
#include "app/responses.hpp"
#include "app/stream/document_events.hpp"
#include "base/await_callback.hpp"
#include "document/request_documents.hpp"
#include "gateway/http/data_route.hpp"
#include "streamer/document_run.hpp"

namespace jina::gateway {
namespace {

using app::detail_response;
using streamer::AnswerSource;
using streamer::DocumentRun;

// What an Executor says of a function that is no generator any more.
constexpr std::string_view kNoGenerator = "endpoint must be generator";

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

std::string no_stream(const KnownEndpoint& endpoint, std::string_view post_path) {
  std::string text = in_quotes(endpoint.name) + " of Executor " + in_quotes(endpoint.deployment) +
                     " does not stream its answer: its function is no generator. ";
  if (post_path.empty()) return text + "Call it over gRPC, or give it a route with --expose-endpoints";
  return text + "POST " + std::string(post_path) + " with {\"data\": [...], \"execEndpoint\": \"" + endpoint.name + "\"}";
}

int status_of(StatusCode code) noexcept {
  switch (code) {
    case StatusCode::kUnimplemented: return 501;
    case StatusCode::kInvalidArgument: return 400;
    case StatusCode::kResourceExhausted: return 503;
    default: return failure_status(code);
  }
}

/// The answers of an Executor as JSON.
class AnswerFeed final : public app::DocumentFeed, public std::enable_shared_from_this<AnswerFeed> {
 public:
  AnswerFeed(std::shared_ptr<DocumentRun> run, const StreamRoute& route, KnownEndpoint endpoint)
      : run_(std::move(run)), endpoints_(route.endpoints), post_path_(route.post_path), endpoint_(std::move(endpoint)) {}

  void next(UniqueFunction<void(Item)> done) override {
    run_->next([self = shared_from_this(), done = std::move(done)](AnswerSource::Answer answer) mutable {
      done(self->item_of(std::move(answer)));
    });
  }
  void abandon() override { run_->abandon(); }

 private:
  Item item_of(AnswerSource::Answer answer) {
    if (!answer) return failed(answer.error());
    if (!*answer) return End{};
    wire::DataRequest& message = **answer;
    const Result<wire::HeaderView> header = wire::parse_header(message.header.view());
    if (!header) return failed(header.error());
    if (header->status_is_error) return raised(header->status);
    Result<DataContent> content = take_content(message);
    if (!content) return failed(content.error());
    const bool blank = !content->docs || content->docs->empty();
    Result<std::string> text = write_document_json(blank ? Document::blank() : content->docs->front());
    if (!text) return failed(text.error());
    return std::move(*text);
  }

  Failure failed(const Status& why) const {
    spdlog::error("stream of '{}' from {}: {}", endpoint_.name, endpoint_.deployment, why.to_string());
    return {status_of(why.code), why.message};
  }

  Item raised(std::string_view encoded) const {
    const Result<wire::StatusView> status = wire::parse_status(encoded);
    if (!status) return failed(status.error());
    if (status->description.find(kNoGenerator) == std::string_view::npos)
      return Failure{app::kExecutorRaised, std::string(status->description)};
    endpoints_.forget(endpoint_.deployment);
    return Failure{400, no_stream(endpoint_, post_path_)};
  }

  std::shared_ptr<DocumentRun> run_;
  EndpointTable& endpoints_;
  const std::string post_path_;
  const KnownEndpoint endpoint_;
};

Task<http::Response> stream(StreamRoute route, KnownEndpoint endpoint, RequestContext& context, const http::Request& request) {
  if (auto refused = refuse_coding(request)) co_return std::move(*refused);
  if (!endpoint.foreign_documents.empty())
    co_return detail_response(501, in_quotes(endpoint.name) + " of Executor " + in_quotes(endpoint.deployment) + " takes a " +
                                       in_quotes(endpoint.foreign_documents) +
                                       ", a class of docarray 0.30 and later, which is not read here: call it over gRPC "
                                       "(stream_doc), which carries it as it is");
  JsonRequestResult parsed = app::document_input(request);
  if (const auto* error = std::get_if<JsonRequestError>(&parsed)) co_return app::refusal_response(*error);
  StreamOptions options;
  options.exec_endpoint = endpoint.name;
  Buffer message = streamer::encode_document_request(std::get<JsonRequest>(parsed).docs.front(), options, "");
  const auto run = std::make_shared<DocumentRun>(&context, std::nullopt);
  route.gateway.stream_doc(run->context(), std::move(message), run);
  Task<http::Response> answer = app::answer_with_events(context, std::make_shared<AnswerFeed>(run, route, std::move(endpoint)));
  co_return co_await std::move(answer);
}

Task<EndpointTable::Answer> look_up(EndpointTable& endpoints, std::string_view endpoint) {
  auto start = [&](UniqueFunction<void(EndpointTable::Answer)> done) { endpoints.find(endpoint, std::move(done)); };
  co_return co_await await_callback<EndpointTable::Answer>(start);
}

}  // namespace

Task<std::optional<http::Response>> serve_stream(StreamRoute route, std::string_view endpoint, std::string_view allow,
                                                 RequestContext& context, const http::Request& request) {
  Task<EndpointTable::Answer> looking = look_up(route.endpoints, endpoint);
  EndpointTable::Answer found = co_await std::move(looking);
  const bool reads = request.method == "GET";
  if (found.endpoint && found.endpoint->streams) {
    if (const std::string path = app::endpoint_path(request.path); request.path != path && request.path == path + "/")
      co_return app::redirect_response(request, path);
    if (!reads) co_return wrong_method(request, "GET");
    context.route = "/{endpoint}";
    Task<http::Response> streaming = stream(route, std::move(*found.endpoint), context, request);
    co_return co_await std::move(streaming);
  }
  if (!reads) co_return std::nullopt;
  if (found.endpoint) {
    if (allow.empty()) co_return detail_response(400, no_stream(*found.endpoint, route.post_path));
    co_return std::nullopt;
  }
  if (!found.unreachable.ok() && allow.empty())
    co_return detail_response(status_of(found.unreachable.code) == 504 ? 504 : 503,
                              "it is not known whether " + in_quotes(request.path) + " is there: " + found.unreachable.message);
  co_return std::nullopt;
}

http::Response wrong_method(const http::Request& request, std::string_view allow) {
  http::Response response =
      detail_response(405, "Method Not Allowed: " + request.path + " takes " + std::string(allow) + ", not " + request.method);
  response.headers.emplace_back("allow", allow);
  return response;
}

Task<std::vector<KnownEndpoint>> streaming_endpoints(EndpointTable& endpoints) {
  auto start = [&](UniqueFunction<void(std::vector<KnownEndpoint>)> done) { endpoints.streaming(std::move(done)); };
  co_return co_await await_callback<std::vector<KnownEndpoint>>(start);
}

}  // namespace jina::gateway
