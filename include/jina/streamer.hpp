// GatewayStreamer: sends Documents through a Flow from user code; what Jina calls by the same name.
//
//   auto replies = streamer.stream_docs({jina::Document{{.text = text}}}, {.exec_endpoint = "/"});
//   while (auto docs = co_await replies.next()) result = docs->front().text();
//
// Documents are cut into requests of `request_size`; answers come as they finish, or in order. An Executor that raised is no
// failure: its request's Documents come back as it left them, with Response::error set. A request that could not be answered at
// all makes next() throw RequestFailed once; the answers of the others can still be read afterwards.
//
// Thread: belongs to one I/O thread, as do its streams. Lifetime: await close() before destruction of one made by its constructor;
// destroy streams first. Cancellation: StreamOptions::context; destroying a stream cancels what it has in flight.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "jina/bytes.hpp"
#include "jina/document.hpp"
#include "jina/request_context.hpp"
#include "jina/status.hpp"
#include "jina/task.hpp"

namespace jina {

namespace streamer {
class DocsRun;
}

/// What an Executor raised.
struct ExecutorError {
  std::string name;         ///< of the exception class: "ValueError"
  std::string description;  ///< the exception as Python prints it: "ValueError('boom')"
  std::vector<std::string> args{};
  std::vector<std::string> stacks{};
  std::string executor{};  ///< class of the Executor
};

/// Where a request was and when.
struct ResponseRoute {
  std::string executor;
  std::optional<std::chrono::system_clock::time_point> start_time{};
  std::optional<std::chrono::system_clock::time_point> end_time{};  ///< none: skipped, or still running (floating)
};

/// The answer to one request.
struct Response {
  std::string request_id{};
  std::string exec_endpoint{};
  DocumentArray docs{};
  boost::json::object parameters{};  ///< as sent, and what Executors returned under __results__
  std::vector<ResponseRoute> routes{};
  std::optional<ExecutorError> error{};
};

/// No answer: the network, a deadline, a cancelled context, a request that is wrong.
class RequestFailed : public std::runtime_error {
 public:
  explicit RequestFailed(Status status) : std::runtime_error(status.to_string()), status_(std::move(status)) {}
  const Status& status() const noexcept { return status_; }

 private:
  Status status_;
};

/// The keyword arguments of stream_docs.
struct StreamOptions {
  std::string exec_endpoint{};
  std::string target_executor{};  ///< regular expression for the beginning of deployments' names; empty: all
  boost::json::object parameters{};
  std::size_t request_size = 100;  ///< Documents per request; 0 counts as 1
  bool results_in_order = false;
  std::string request_id{};  ///< only used when one request holds all Documents; else, and when empty, a random one
  RequestContext* context =
      nullptr;  ///< of the request that this is done for: its deadline and cancellation apply; outlives the stream
};

/// Answers one by one.
class ResponseStream {
 public:
  explicit ResponseStream(std::shared_ptr<streamer::DocsRun> run) : run_(std::move(run)) {}
  ResponseStream(ResponseStream&&) noexcept = default;
  ResponseStream& operator=(ResponseStream&& other) noexcept;
  ~ResponseStream();

  /// The next answer; nullopt when there are no more. Throws RequestFailed. One next() at a time.
  Task<std::optional<Response>> next();
  /// The same with the failure as a value.
  Task<Result<std::optional<Response>>> try_next();

 private:
  std::shared_ptr<streamer::DocsRun> run_;
};

/// Only the Documents of the answers.
class DocsStream {
 public:
  explicit DocsStream(ResponseStream responses) : responses_(std::move(responses)) {}
  Task<std::optional<DocumentArray>> next();

 private:
  ResponseStream responses_;
};

/// What a streamer is made of; the JSON of `jina gateway`'s arguments. Defaults are those of Jina's GatewayStreamer.
struct StreamerOptions {
  boost::json::object graph_representation{};  ///< node -> successors
  boost::json::object executor_addresses{};    ///< node -> addresses
  boost::json::object graph_conditions{};
  boost::json::object deployments_metadata{};
  boost::json::array deployments_no_reduce{};
  std::optional<std::chrono::milliseconds> timeout_send{};
  int retries = 0;
  std::string compression{};  ///< NoCompression, Deflate or Gzip
  std::string runtime_name = "custom gateway";
  int prefetch = 0;  ///< requests of one stream in flight; 0 = no limit

  /// The Flow that this process belongs to, from JINA_STREAMER_ARGS. FAILED_PRECONDITION when the variable is not set.
  static Result<StreamerOptions> from_environment();
  /// The JSON of that variable.
  static Result<StreamerOptions> from_json(std::string_view text);
};

class GatewayStreamer {
 public:
  struct Impl;

  /// With connections of its own. Throws std::invalid_argument that names the node or the address that is wrong.
  GatewayStreamer(boost::asio::io_context& io, const StreamerOptions& options);
  explicit GatewayStreamer(std::unique_ptr<Impl> impl);
  ~GatewayStreamer();
  GatewayStreamer(const GatewayStreamer&) = delete;
  GatewayStreamer& operator=(const GatewayStreamer&) = delete;

  /// No Documents: no request, and a stream without answers.
  DocsStream stream_docs(DocumentArray docs, StreamOptions options = {});
  ResponseStream stream(DocumentArray docs, StreamOptions options = {});

  /// One encoded DataRequestProto through the Flow; the encoded answer.
  Task<Result<Bytes>> process_single_data(Bytes request, RequestContext* context = nullptr);

  /// Waits for floating Executors, then closes the connections; of an injected streamer the runtime takes care.
  Task<void> close();

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace jina
