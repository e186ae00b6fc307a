#include "protocol/grpc/answer_stream.hpp"

#include <utility>

#include "protocol/streamed_requests.hpp"

namespace jina::protocol {
namespace {

constexpr std::size_t kMostInWork = 256;
constexpr std::size_t kMostQueuedBytes = 1 << 20;

class CallStream final : public StreamedRequests {
 public:
  CallStream(RequestHandler& handler, RequestContext& context, std::shared_ptr<RequestStream> stream)
      : StreamedRequests(std::move(stream), kMostInWork, kMostQueuedBytes), handler_(handler), context_(context) {}

 private:
  void start(wire::DataRequest request) override {
    auto done = [this, self = shared_from_this()](wire::Reply reply) { on_reply(std::move(reply)); };
    handler_.process_single_data(context_, std::move(request), std::move(done));
  }

  void on_reply(wire::Reply reply) {
    answered();
    if (!reply.status.ok()) return fail(std::move(reply.status));
    stream().write(reply.response.serialize());
    go_on();
  }

  RequestHandler& handler_;
  RequestContext& context_;
};

}  // namespace

void answer_stream(RequestHandler& handler, RequestContext& context, std::shared_ptr<RequestStream> stream) {
  std::make_shared<CallStream>(handler, context, std::move(stream))->read();
}

}  // namespace jina::protocol
