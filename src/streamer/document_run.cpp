#include "streamer/document_run.hpp"

#include <limits>
#include <utility>

#include "base/ids.hpp"
#include "document/document_codec.hpp"
#include "document/struct_codec.hpp"
#include "wire/pb_writer.hpp"

namespace jina::streamer {
namespace {

constexpr std::size_t kMostUnread = 16;

// A DocumentProto as the only Document of a DataContentProto: then it reads like any other answer.
Buffer as_content(const Buffer& document) {
  std::string inner, outer;
  wire::PbWriter(inner).prefix(1, document.size());
  wire::PbWriter(outer).prefix(1, inner.size() + document.size());
  Buffer content = Buffer::take(std::move(outer));
  content.append(Bytes::take(std::move(inner)));
  content.append(document);
  return content;
}

}  // namespace

void DocumentRun::next(UniqueFunction<void(Answer)> done) {
  waiting_ = std::move(done);
  hand_out();
}

void DocumentRun::abandon() {
  const auto keep = shared_from_this();
  const auto dropped = std::exchange(waiting_, nullptr);
  context_.abandon();
  ready_.clear();
  go_on();
}

bool DocumentRun::write(Buffer message) {
  if (context_.cancelled()) return false;
  Result<wire::DataRequest> answer = wire::DataRequest::parse(message);
  if (!answer) {
    ready_.emplace_back(Status{StatusCode::kInternal, "the answer is no SingleDocumentRequestProto: " + answer.error().message});
  } else {
    if (answer->data) answer->data = as_content(*answer->data);
    ready_.emplace_back(std::optional<wire::DataRequest>(std::move(*answer)));
  }
  hand_out();
  return true;
}

// Answers count, not bytes: a writer that looks before it waits sees all or nothing.
std::size_t DocumentRun::queued_bytes() const { return ready_.size() < kMostUnread ? 0 : std::numeric_limits<std::size_t>::max(); }

void DocumentRun::when_writable(UniqueFunction<void()> on_writable) {
  writable_ = std::move(on_writable);
  if (ready_.size() < kMostUnread || context_.cancelled()) go_on();
}

void DocumentRun::finish(Status status, Metadata) {
  finished_ = true;
  if (!status.ok()) ready_.emplace_back(std::move(status));
  hand_out();
}

void DocumentRun::hand_out() {
  if (!waiting_ || (ready_.empty() && !finished_)) return;
  const auto keep = shared_from_this();
  auto waiting = std::exchange(waiting_, nullptr);
  if (ready_.empty()) return waiting(Answer(std::optional<wire::DataRequest>{}));
  Answer answer = std::move(ready_.front());
  ready_.pop_front();
  if (ready_.size() < kMostUnread) go_on();
  waiting(std::move(answer));
}

void DocumentRun::go_on() {
  if (auto writable = std::exchange(writable_, nullptr)) writable();
}

Buffer encode_document_request(const Document& doc, const StreamOptions& options, std::string routes) {
  const std::string request_id = options.request_id.empty() ? random_id() : options.request_id;
  wire::HeaderFields header;
  header.request_id = request_id;
  if (!options.exec_endpoint.empty()) header.exec_endpoint = options.exec_endpoint;
  if (!options.target_executor.empty()) header.target_executor = options.target_executor;
  wire::DataRequest request;
  request.header = Bytes::take(wire::encode_header(header));
  request.has_header = true;
  if (!options.parameters.empty()) request.parameters = Bytes::take(encode_struct(options.parameters));
  request.routes = Bytes::take(std::move(routes));
  request.data = encode_document(doc);  // field 4 of both messages
  return request.serialize();
}

}  // namespace jina::streamer
