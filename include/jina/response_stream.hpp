// What comes back from the Executors: answers one by one (ResponseStream), only their Documents (DocsStream), and what can go
// wrong.
//
//   jina::ResponseStream answers = streamer().stream(docs, {.exec_endpoint = "/search"});
//   while (auto answer = co_await answers.next()) if (answer->error) logger().warning(answer->error->description);
//
// Thread: one I/O thread, that of the streamer. Lifetime: destroyed before the streamer. Cancellation: destroying a stream cancels
// what it has in flight.
#pragma once
#include <boost/json/object.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "jina/document.hpp"
#include "jina/status.hpp"
#include "jina/task.hpp"

namespace jina {

namespace streamer {
class AnswerSource;
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

/// The answer to one request; of stream_doc: one Document of it.
struct Response {
  std::string request_id{};
  std::string exec_endpoint{};
  DocumentArray docs{};
  boost::json::object parameters{};  ///< as sent, and what Executors returned under __results__
  std::vector<ResponseRoute> routes{};
  std::optional<ExecutorError> error{};
};

/// No answer: the network, a deadline, a cancelled context, a request that is wrong. The text names the Executor and its addresses.
class RequestFailed : public std::runtime_error {
 public:
  explicit RequestFailed(Status status);
  ~RequestFailed() override;
  const Status& status() const noexcept { return status_; }

 private:
  Status status_;
};

/// An Executor raised, where the caller asked for Documents alone (the functions called `post`).
class ExecutorFailed : public std::runtime_error {
 public:
  explicit ExecutorFailed(ExecutorError error);
  ~ExecutorFailed() override;
  const ExecutorError& error() const noexcept { return error_; }

 private:
  ExecutorError error_;
};

/// Answers one by one.
class ResponseStream {
 public:
  explicit ResponseStream(std::shared_ptr<streamer::AnswerSource> source);
  ResponseStream(ResponseStream&&) noexcept;
  ResponseStream& operator=(ResponseStream&& other) noexcept;
  ~ResponseStream();

  /// The next answer; nullopt when there are no more. Throws RequestFailed. One next() at a time.
  Task<std::optional<Response>> next();
  /// The same with the failure as a value.
  Task<Result<std::optional<Response>>> try_next();

 private:
  std::shared_ptr<streamer::AnswerSource> source_;
};

/// Only the Documents of the answers.
class DocsStream {
 public:
  explicit DocsStream(ResponseStream responses) : responses_(std::move(responses)) {}
  /// As ResponseStream::next().
  Task<std::optional<DocumentArray>> next();

 private:
  ResponseStream responses_;
};

}  // namespace jina
