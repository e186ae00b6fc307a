#include "protocol/http/request_reader.hpp"

#include <utility>

namespace jina::http {
namespace {

// Nearly always one that was moved from, so that there is nothing to free.
void clear(Request& request) {
  for (std::string Request::*text : {&Request::method, &Request::path, &Request::raw_target, &Request::query, &Request::authority})
    (request.*text).clear();
  request.secure = false;
  request.headers = Metadata();
  request.body.clear();
}

}  // namespace

RequestReader::Step RequestReader::fail(int status, std::string detail) {
  error_ = {status, std::move(detail)};
  return Step::kError;
}

RequestReader::Step RequestReader::feed(Bytes& input) { return in_body_ ? feed_body(input) : feed_head(input); }

RequestReader::Step RequestReader::feed_head(Bytes& input) {
  const std::size_t before = partial_.size();
  if (before != 0) partial_.append(input.view());
  const std::string_view data = before != 0 ? std::string_view(partial_) : input.view();
  switch (scanner_.scan(data)) {
    case HeadScanner::Step::kError: return fail(scanner_.error().status, scanner_.error().detail);
    case HeadScanner::Step::kNeedMore:
      if (before == 0) partial_.assign(data);
      input = Bytes();
      return Step::kNeedMore;
    case HeadScanner::Step::kComplete: break;
  }
  const std::string_view head = data.substr(scanner_.skipped(), scanner_.size() - scanner_.skipped());
  if (auto error = parse_head(head, request_, framing_)) return fail(error->status, std::move(error->detail));
  input = input.slice(scanner_.size() - before);
  if (before != 0) std::string().swap(partial_);
  if (framing_.content_length > limits_.max_body_bytes)
    return fail(413, "the body is larger than " + std::to_string(limits_.max_body_bytes) + " bytes");
  if (!framing_.has_body()) return Step::kRequest;
  in_body_ = true;
  body_left_ = framing_.content_length;
  return Step::kHeader;
}

RequestReader::Step RequestReader::feed_body(Bytes& input) {
  if (!framing_.chunked) {
    const std::size_t size = input.size() < body_left_ ? input.size() : static_cast<std::size_t>(body_left_);
    body_.append(input.slice(0, size));
    input = input.slice(size);
    body_left_ -= size;
    return body_left_ == 0 ? finish() : Step::kNeedMore;
  }
  while (true) {
    Bytes piece;
    switch (decoder_.next(input, piece)) {
      case ChunkedDecoder::Step::kNeedMore: return Step::kNeedMore;
      case ChunkedDecoder::Step::kDone: return finish();
      case ChunkedDecoder::Step::kError: return fail(400, "body: " + std::string(decoder_.error()));
      case ChunkedDecoder::Step::kPiece:
        if (body_.size() + piece.size() > limits_.max_body_bytes)
          return fail(413, "the body is larger than " + std::to_string(limits_.max_body_bytes) + " bytes");
        body_.append(std::move(piece));
    }
  }
}

RequestReader::Step RequestReader::finish() {
  request_.body = body_.take();
  in_body_ = false;
  return Step::kRequest;
}

void RequestReader::next() {
  scanner_.reset();
  clear(request_);
  framing_ = Framing();
  decoder_ = ChunkedDecoder();
}

}  // namespace jina::http
