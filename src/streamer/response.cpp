#include "streamer/response.hpp"

#include "document/request_documents.hpp"
#include "document/struct_codec.hpp"

namespace jina::streamer {
namespace {

Status broken(const char* part, const Status& why) {
  return {StatusCode::kInternal, std::string("the answer's ") + part + ": " + why.message};
}

// Nothing for what nanoseconds do not reach (the year 2262): a peer may send any number.
std::optional<std::chrono::system_clock::time_point> to_time(const std::optional<wire::Timestamp>& timestamp) {
  std::int64_t nanos = 0;
  if (!timestamp || __builtin_mul_overflow(timestamp->seconds, std::int64_t{1'000'000'000}, &nanos) ||
      __builtin_add_overflow(nanos, timestamp->nanos, &nanos))
    return std::nullopt;
  const std::chrono::nanoseconds since_epoch(nanos);
  return std::chrono::system_clock::time_point(std::chrono::duration_cast<std::chrono::system_clock::duration>(since_epoch));
}

}  // namespace

Result<Response> make_response(wire::DataRequest answer) {
  Response response;
  const Result<wire::HeaderView> header = wire::parse_header(answer.header.view());
  if (!header) return broken("header", header.error());
  response.request_id = header->request_id;
  response.exec_endpoint = header->exec_endpoint.value_or("");
  if (header->status_is_error) {
    const Result<wire::StatusView> status = wire::parse_status(header->status);
    if (!status) return broken("status", status.error());
    response.error = ExecutorError{.name = std::string(status->exception_name),
                                   .description = std::string(status->description),
                                   .args = {status->args.begin(), status->args.end()},
                                   .stacks = {status->stacks.begin(), status->stacks.end()},
                                   .executor = std::string(status->executor)};
  }
  if (answer.parameters) {
    Result<boost::json::object> parameters = decode_struct(answer.parameters->view());
    if (!parameters) return broken("parameters", parameters.error());
    response.parameters = std::move(*parameters);
  }
  wire::RouteReader routes(answer.routes.view());
  while (routes.next())
    response.routes.push_back({.executor = std::string(routes.route().executor),
                               .start_time = to_time(routes.route().start),
                               .end_time = to_time(routes.route().end)});
  if (routes.failed()) return Status{StatusCode::kInternal, "the answer's routes are malformed"};
  Result<DataContent> content = take_content(answer);
  if (!content) return broken("Documents", content.error());
  if (content->docs) response.docs = std::move(*content->docs);
  return response;
}

}  // namespace jina::streamer
