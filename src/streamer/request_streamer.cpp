#include "streamer/request_streamer.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "base/answer_order.hpp"
#include "protocol/streamed_requests.hpp"

namespace jina::streamer {
namespace {

// "No limit" still ends somewhere: memory must not be a client's to use up.
constexpr std::size_t kMostInWork = 100'000;

// Jina writes the stub message before these; after anything else its stream just ends.
bool is_network_failure(StatusCode code) {
  return code == StatusCode::kUnavailable || code == StatusCode::kDeadlineExceeded || code == StatusCode::kNotFound;
}

class RequestStreamer final : public protocol::StreamedRequests {
 public:
  RequestStreamer(topology::GraphRunner& runner, RequestContext& context, std::shared_ptr<protocol::RequestStream> stream,
                  StreamDefaults with)
      : StreamedRequests(std::move(stream), with.prefetch > 0 ? static_cast<std::size_t>(with.prefetch) : kMostInWork,
                         with.max_queued_bytes),
        runner_(runner),
        context_(context),
        stub_message_(with.stub_message),
        answers_(with.results_in_order) {}

 private:
  void start(wire::DataRequest request) override {
    auto done = [this, self = shared_from_this(), number = answers_.expect(), header = request.header](wire::Reply reply) {
      on_reply(number, header, std::move(reply));
    };
    runner_.run(context_, std::move(request), std::move(done));
  }

  void on_reply(std::uint64_t number, const Bytes& header, wire::Reply reply) {
    std::optional<Buffer> answer;
    if (reply.status.ok()) answer = reply.response.serialize();
    answers_.put(number, std::move(answer));
    while (auto next = answers_.take()) {
      answered();
      if (*next) stream().write(std::move(**next));
    }
    if (reply.status.ok()) return go_on();
    if (!failed()) failed_header_ = header;
    fail(std::move(reply.status));
  }

  void last_words(const Status& status) override {
    if (!stub_message_ || !is_network_failure(status.code) || context_.cancelled()) return;
    const Result<wire::HeaderView> header = wire::parse_header(failed_header_.view());
    wire::DataRequest stub;
    if (header && !header->request_id.empty()) stub.header = Bytes::take(wire::encode_header({.request_id = header->request_id}));
    stub.has_header = !stub.header.empty();
    stream().write(stub.serialize());
  }

  topology::GraphRunner& runner_;
  RequestContext& context_;
  const bool stub_message_;
  AnswerOrder<std::optional<Buffer>> answers_;  // none for a request that failed
  Bytes failed_header_;                         // of the first request that failed
};

}  // namespace

StreamDefaults read_stream_metadata(const Metadata& metadata, StreamDefaults defaults) {
  if (const std::string* in_order = find_value(metadata, "__results_in_order__")) defaults.results_in_order = *in_order == "true";
  if (const std::string* prefetch = find_value(metadata, "__prefetch__")) {
    int value = 0;
    const auto [end, error] = std::from_chars(prefetch->data(), prefetch->data() + prefetch->size(), value);
    if (error == std::errc{} && end == prefetch->data() + prefetch->size() && value > 0)
      defaults.prefetch = std::min(value, static_cast<int>(kMostInWork));
  }
  return defaults;
}

void stream_requests(topology::GraphRunner& runner, RequestContext& context, std::shared_ptr<protocol::RequestStream> stream,
                     StreamDefaults defaults) {
  std::make_shared<RequestStreamer>(runner, context, std::move(stream), read_stream_metadata(context.metadata, defaults))->read();
}

}  // namespace jina::streamer
