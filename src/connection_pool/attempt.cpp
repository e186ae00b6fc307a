#include "connection_pool/attempt.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "telemetry/rpc_span.hpp"

namespace jina {
namespace {

constexpr std::string_view kProcessSingleData = "/jina.JinaSingleDataRequestRPC/process_single_data";
constexpr std::string_view kCall = "/jina.JinaRPC/Call";

}  // namespace

Attempt::Attempt(ConnectionPool& pool, ConnectionPool::Deployment& deployment, RequestContext& context, std::string_view endpoint,
                 std::string_view path, Buffer message, AttemptDone done, std::unique_ptr<metrics::CallWatch> watch)
    : Tries(pool, deployment, context),
      endpoint_(endpoint),
      path_(path),
      message_(std::move(message)),
      done_(std::move(done)),
      watch_(std::move(watch)) {}

void Attempt::start() {
  if (context_.cancelled()) {
    // The completion never runs inside the call that starts it.
    boost::asio::post(pool_.io_, [self = self()] { self->give_up(); });
    return;
  }
  cancel_ = context_.on_cancel([this](CancelReason) {
    // The end of the call may be the end of this object.
    const auto keep = shared_from_this();
    running_.cancel();
    if (const auto stream = stream_) stream->cancel();
    wake();
  });
  next_try(pool_.now());
}

void Attempt::next_try(SteadyTime now) {
  Replica& replica = choose(now);
  if (replica.only_call && path_ == kProcessSingleData) return through_call(now);
  running_ = replica.channel->unary(path_, message_, begin(path_, now),
                                    [self = self()](grpc::UnaryReply reply) { self->on_reply(std::move(reply)); });
}

grpc::CallOptions Attempt::begin(std::string_view path, SteadyTime now) {
  if (watch_) watch_->began();
  if (!pool_.options_.tracer.enabled()) return pool_.call_options(context_, context_.trace, deployment_, endpoint_, now);
  span_ = pool_.start_span(context_, deployment_, endpoint_, path, tried_);
  return pool_.call_options(context_, span_.context(), deployment_, endpoint_, now);
}

void Attempt::through_call(SteadyTime now) {
  stream_ = replica_->channel->open(kCall, begin(kCall, now));
  stream_->write(message_);
  stream_->writes_done();
  stream_->read([self = self()](std::optional<Buffer> first) {
    const std::shared_ptr<grpc::ClientStream> stream = std::move(self->stream_);
    grpc::UnaryReply reply;
    if (first) {
      reply.message = std::move(*first);
      // The status and its metadata follow the message.
      stream->read([self, stream, reply = std::move(reply)](std::optional<Buffer>) mutable {
        reply.status = stream->status();
        reply.trailing = stream->trailing();
        self->on_reply(std::move(reply));
      });
      return;
    }
    reply.status = stream->status().ok() ? Status{StatusCode::kInternal, "the stream ended without an answer"} : stream->status();
    self->on_reply(std::move(reply));
  });
}

void Attempt::on_reply(grpc::UnaryReply reply) {
  if (watch_) {
    watch_->ended();
    if (reply.status.ok()) watch_->received(reply.message.size());
  }
  if (span_) {
    // An Executor that raised answers OK: the call did not fail, what it was for did.
    if (find_value(reply.trailing, "is-error") != nullptr) span_.set_attribute("jina.executor_error", true);
    telemetry::end_rpc_span(span_, SpanKind::kClient, reply.status);
  }
  if (reply.status.ok()) {
    answered();
    return finish(std::move(reply));
  }
  const SteadyTime now = pool_.now();
  if (reply.status.code == StatusCode::kUnimplemented && path_ == kProcessSingleData && !replica_->only_call) {
    replica_->only_call = true;
    return through_call(now);
  }
  if (!context_.cancelled()) {
    if (try_again(reply.status, reply.safe_to_retry, now)) return;
    reply.status = pool_.explain(reply.status, deployment_.name, tried_);
  }
  finish(std::move(reply));
}

void Attempt::give_up() {
  grpc::UnaryReply reply;
  reply.status = cancelled_status();
  finish(std::move(reply));
}

void Attempt::finish(grpc::UnaryReply reply) {
  cancel_.reset();
  leave();
  AttemptDone done = std::move(done_);
  if (auto* as_it_came = std::get_if<0>(&done)) return (*as_it_came)(std::move(reply));
  wire::Reply parsed;
  parsed.status = std::move(reply.status);
  parsed.trailing = std::move(reply.trailing);
  if (parsed.status.ok()) {
    Result<wire::DataRequest> response = wire::DataRequest::parse(reply.message);
    if (response) {
      parsed.response = std::move(*response);
    } else {
      parsed.status = {StatusCode::kInternal, "deployment " + deployment_.name + " at " + replica_->address +
                                                  " answered with bytes that are no DataRequestProto: " + response.error().message};
    }
  }
  std::get<1>(done)(std::move(parsed));
}

}  // namespace jina
