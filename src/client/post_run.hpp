// PostRun: the requests of one post: taken from the inputs as there is room, sent, sent again after a failure when there are
// attempts left; their answers handed out one by one, as they come or in the order of the inputs.
//
// Thread: one I/O thread. Lifetime: shared with the calls in work. Cancellation: abandon(); the deadline ends it with
// DEADLINE_EXCEEDED.
#pragma once
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>

#include "base/answer_order.hpp"
#include "client/request_source.hpp"
#include "client/transport.hpp"
#include "streamer/answer_source.hpp"

namespace jina::client {

class PostRun final : public streamer::AnswerSource, public std::enable_shared_from_this<PostRun> {
 public:
  PostRun(std::shared_ptr<Connections> connections, std::string endpoint, Inputs inputs, PostOptions options);

  void next(UniqueFunction<void(Answer)> done) override;
  void abandon() override;
  /// The same with the answer as it came; a failure is in its status.
  void next_reply(UniqueFunction<void(std::optional<Reply>)> done);

 private:
  struct Work;

  void fill();
  bool waits_for_room();
  void took(Result<std::optional<RequestSource::Request>> request);
  void send(std::shared_ptr<Work> work);
  void send_again(std::shared_ptr<Work> work);
  void end_if_all_sent();
  void end_with(Status status);
  void hand_out();

  std::shared_ptr<Connections> connections_;
  PostOptions options_;
  std::shared_ptr<RequestSource> requests_;
  std::shared_ptr<Transport> transport_;
  std::size_t most_at_a_time_;
  std::optional<boost::asio::steady_timer> deadline_{};
  UniqueFunction<void(std::optional<Reply>)> waiting_;
  AnswerOrder<Reply> replies_;
  std::size_t to_retry_ = 0;  // wait for their next attempt
  bool filling_ = false;      // fill() runs
  bool no_room_ = false;      // the transport says when it has room again
  bool asking_ = false;       // the inputs were asked and have not answered
  bool inputs_ended_ = false;
  std::optional<Status> inputs_failure_{};  // comes behind the answers
  bool closed_ = false;
};

}  // namespace jina::client
