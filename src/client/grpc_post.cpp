// Client over gRPC.
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "client/answer.hpp"
#include "client/posts.hpp"
#include "protocol/grpc/channel.hpp"

namespace jina::client {
namespace {

class GrpcPost final : public Client {
 public:
  GrpcPost(boost::asio::io_context& io, Target target, ClientOptions options)
      : io_(io), options_(std::move(options)), channel_(io, target.address(), channel_options(target)) {}

  Task<Result<Answer>> post(JsonRequest request) override {
    const auto id = new_request_id();
    Buffer message = to_data_request(std::move(request), id).serialize();
    grpc::CallOptions call;
    call.metadata = options_.metadata;
    if (options_.timeout) call.deadline = std::chrono::steady_clock::now() + *options_.timeout;
    if (!options_.stream) {
      std::string path = "/jina.JinaSingleDataRequestRPC/process_single_data";
      auto reply = co_await channel_.unary(std::move(path), std::move(message), std::move(call));
      if (!reply.status.ok()) co_return reply.status;
      co_return answer_from_message(reply.message);
    }
    auto stream = channel_.open("/jina.JinaRPC/Call", std::move(call));
    stream->write(std::move(message));
    stream->writes_done();
    std::optional<Buffer> answer;
    while (true) {
      auto next = co_await read(stream.get());
      if (!next) break;
      answer = std::move(*next);
    }
    if (!stream->status().ok()) co_return stream->status();
    if (!answer) co_return Status{StatusCode::kInternal, "the gateway ended the stream without an answer"};
    co_return answer_from_message(*answer);
  }

 private:
  static grpc::ChannelOptions channel_options(const Target& target) {
    grpc::ChannelOptions options;
    options.tls = target.tls;
    options.ca_file = target.ca_file;
    options.verify = target.verify;
    return options;
  }

  Task<std::optional<Buffer>> read(grpc::ClientStream* stream) {
    const auto initiate = [this](auto handler, grpc::ClientStream* from) {
      // A message that is there already may be given inside read(); a coroutine is resumed from the loop only.
      from->read([this, handler = std::move(handler)](std::optional<Buffer> next) mutable {
        boost::asio::post(
            io_, [handler = std::move(handler), next = std::move(next)]() mutable { std::move(handler)(std::move(next)); });
      });
    };
    co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(std::optional<Buffer>)>(
        initiate, boost::asio::use_awaitable, stream);
  }

  boost::asio::io_context& io_;
  ClientOptions options_;
  grpc::Channel channel_;
};

}  // namespace

std::unique_ptr<Client> make_grpc_post(boost::asio::io_context& io, Target target, ClientOptions options) {
  return std::make_unique<GrpcPost>(io, std::move(target), std::move(options));
}

}  // namespace jina::client
