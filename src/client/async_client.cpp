#include <spdlog/spdlog.h>

#include <cstdio>
#include <stdexcept>

#include "client/document_stream.hpp"
#include "client/ping.hpp"
#include "client/post_run.hpp"
#include "client/take_response.hpp"
#include "jina/client.hpp"

namespace jina {
namespace client {
namespace {

Target target_of(std::string_view url, const ClientOptions& options) {
  auto target = parse_target(url);
  if (!target) throw std::invalid_argument("jina::Client: " + target.error().message);
  target->verify = options.verify;
  target->ca_file = options.ca_file;
  return std::move(*target);
}

/// To where the program logs; a program that never said where wants it on no other stream than its error output.
void log_error(const std::string& text) {
  const auto logger = spdlog::default_logger();
  if (logger->name().empty())
    std::fprintf(stderr, "jina::Client: %s\n", text.c_str());
  else
    logger->error("{}", text);
}

}  // namespace

bool call_back(const PostOptions& options, const Response& response) {
  const auto call = [&](const std::function<void(const Response&)>& callback) {
    if (!callback) return;
    if (!options.continue_on_error) return callback(response);
    try {
      callback(response);
    } catch (const std::exception& error) {
      log_error(std::string("a callback of the client threw: ") + error.what());
    }
  };
  if (response.error && options.on_error)
    call(options.on_error);
  else if (response.error && options.continue_on_error)
    log_error("an Executor raised: " + response.error->description);
  else if (response.error)
    return false;
  else
    call(options.on_done);
  call(options.on_always);
  return true;
}

void take_documents(const PostOptions& options, Response response, DocumentArray& into) {
  if (!call_back(options, response)) throw ExecutorFailed(std::move(*response.error));
  if (!keeps_answers(options)) return;
  into.insert(into.end(), std::make_move_iterator(response.docs.begin()), std::make_move_iterator(response.docs.end()));
}

void take_response(const PostOptions& options, Response response, std::vector<Response>& into) {
  call_back(options, response);
  if (keeps_answers(options)) into.push_back(std::move(response));
}

}  // namespace client

AsyncClient::AsyncClient(boost::asio::io_context& io, std::string_view url, ClientOptions options) {
  auto target = client::target_of(url, options);
  connections_ = std::make_shared<client::Connections>(io, std::move(target), std::move(options));
}
AsyncClient::AsyncClient(AsyncClient&&) noexcept = default;
AsyncClient& AsyncClient::operator=(AsyncClient&&) noexcept = default;
AsyncClient::~AsyncClient() = default;

ResponseStream AsyncClient::stream(std::string endpoint, Inputs inputs, PostOptions options) {
  return ResponseStream(
      std::make_shared<client::PostRun>(connections_, std::move(endpoint), std::move(inputs), std::move(options)));
}

ResponseStream AsyncClient::stream_doc(std::string endpoint, Document doc, PostOptions options) {
  return ResponseStream(client::make_document_stream(connections_, std::move(endpoint), std::move(doc), std::move(options)));
}

Task<DocumentArray> AsyncClient::post(std::string endpoint, Inputs inputs, PostOptions options) {
  ResponseStream answers = stream(std::move(endpoint), std::move(inputs), options);
  DocumentArray docs;
  while (true) {
    std::optional<Response> answer = co_await answers.next();
    if (!answer) break;
    client::take_documents(options, std::move(*answer), docs);
  }
  co_return docs;
}

Task<std::vector<Response>> AsyncClient::post_responses(std::string endpoint, Inputs inputs, PostOptions options) {
  ResponseStream answers = stream(std::move(endpoint), std::move(inputs), options);
  std::vector<Response> all;
  while (true) {
    std::optional<Response> answer = co_await answers.next();
    if (!answer) break;
    client::take_response(options, std::move(*answer), all);
  }
  co_return all;
}

Task<Status> AsyncClient::flow_status(std::chrono::milliseconds limit) {
  const auto connections = connections_;
  co_return co_await client::ping(connections->io(), connections->target(), client::PingKind::kFlow, limit);
}

Task<bool> AsyncClient::is_flow_ready(std::chrono::milliseconds limit) {
  const Status status = co_await flow_status(limit);
  co_return status.ok();
}

const std::string& AsyncClient::url() const noexcept { return connections_->url(); }

}  // namespace jina
