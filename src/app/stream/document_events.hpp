// answer_with_events: Documents as server-sent events, as Jina's Executors and gateways send them: `event: update` with the JSON of
// a Document, `event: end` at the end, a comment while there is nothing to say for 15 seconds.
//
// A failure before the first event is the status of the answer; a later one is the last event, `event: error` with
// {"detail": "ValueError('boom')", "status": 499}, where Jina ends the stream as if it were whole, or cuts the connection.
//
// Thread: one I/O thread. Lifetime: the response keeps the feed; the context outlives it. Cancellation: a client that is gone, or a
// body that nobody reads any more, abandons the feed.
#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <variant>

#include "base/unique_function.hpp"
#include "protocol/http/handler.hpp"

namespace jina::app {

/// Where the Documents come from.
class DocumentFeed {
 public:
  struct End {};
  struct Failure {
    int status = 500;  ///< of the answer, when it is known before the first event
    std::string detail{};
  };
  /// A Document's JSON, in one line; or there is none.
  using Item = std::variant<End, std::string, Failure>;

  virtual ~DocumentFeed() = default;
  /// The next one; not asked again after End and Failure. One at a time; may complete before it returns, and need not complete
  /// after abandon().
  virtual void next(UniqueFunction<void(Item)> done) = 0;
  /// Nobody asks any more, at the end too; the request's context may go right after. May be called more than once.
  virtual void abandon() = 0;
};

/// Status of an answer when an Executor's function raised, as in Jina.
inline constexpr int kExecutorRaised = 499;

struct EventTimes {
  std::chrono::milliseconds silence{15'000};  ///< then comes a comment, so that proxies keep the connection
  std::chrono::milliseconds first{1'000};     ///< how long the head of the answer waits for the first Document
};

/// The answer, once the first Document is there: the client gets to see the head of one that takes its time, too.
Task<http::Response> answer_with_events(RequestContext& context, std::shared_ptr<DocumentFeed> feed, EventTimes times = {});

}  // namespace jina::app
