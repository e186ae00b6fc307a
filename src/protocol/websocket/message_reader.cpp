#include "protocol/websocket/message_reader.hpp"

#include <utility>

#include "protocol/websocket/deflate.hpp"

namespace jina::websocket {

MessageReader::Step MessageReader::fail(std::uint16_t code, std::string_view why) {
  error_code_ = code;
  error_ = why;
  return Step::kError;
}

MessageReader::Step MessageReader::feed(Bytes& input) {
  while (true) {
    if (!in_payload_) {
      std::string_view data = input.view();
      const auto step = header_reader_.read(data, deflate_);
      input = input.slice(input.size() - data.size());
      if (step == FrameHeaderReader::Step::kNeedMore) return Step::kNeedMore;
      if (step == FrameHeaderReader::Step::kError) return fail(kProtocolError, header_reader_.error());
      if (const Step begun = begin_frame(); begun == Step::kError) return begun;
    }
    const std::uint64_t left = frame_.size - payload_read_;
    if (left != 0) {
      if (input.empty()) return Step::kNeedMore;
      const Bytes piece = input.slice(0, left < input.size() ? static_cast<std::size_t>(left) : input.size());
      input = input.slice(piece.size());
      apply_mask(const_cast<char*>(piece.data()), piece.size(), frame_.mask, payload_read_);
      payload_read_ += piece.size();
      if (frame_.is_control()) {
        control_payload_.append(piece.view());
      } else {
        if (kind_ == Opcode::kText && !compressed_ && !text_.feed(piece.view())) return fail(kInvalidData, "the text is not UTF-8");
        body_.append(piece);
      }
      if (payload_read_ < frame_.size) return Step::kNeedMore;
    }
    in_payload_ = false;
    const Step step = end_frame();
    if (step != Step::kNeedMore) return step;  // else: a fragment, its message goes on
  }
}

MessageReader::Step MessageReader::begin_frame() {
  frame_ = header_reader_.header();
  in_payload_ = true;
  payload_read_ = 0;
  if (frame_.is_control()) {
    control_payload_.clear();
    return Step::kNeedMore;
  }
  if (frame_.opcode == Opcode::kContinuation) {
    if (kind_ == Opcode::kContinuation) return fail(kProtocolError, "a continuation without a beginning");
  } else {
    if (kind_ != Opcode::kContinuation) return fail(kProtocolError, "a new message inside another one");
    kind_ = frame_.opcode;
    compressed_ = frame_.compressed;
    text_.reset();
  }
  if (frame_.size > max_bytes_ - body_.size())
    return fail(kTooBig, "the message is larger than " + std::to_string(max_bytes_) + " bytes");
  return Step::kNeedMore;
}

MessageReader::Step MessageReader::end_frame() {
  if (frame_.is_control()) {
    control_ = frame_.opcode;
    return Step::kControl;
  }
  if (!frame_.final) return Step::kNeedMore;
  message_ = {};
  message_.binary = std::exchange(kind_, Opcode::kContinuation) == Opcode::kBinary;
  message_.payload = body_.take();
  if (compressed_) {
    Buffer whole;
    switch (inflate_message(message_.payload, max_bytes_, whole)) {
      case InflateResult::kOk: break;
      case InflateResult::kMalformed: return fail(kInvalidData, "the compressed message is malformed");
      case InflateResult::kTooLarge: return fail(kTooBig, "the message is larger than " + std::to_string(max_bytes_) + " bytes");
    }
    message_.payload = std::move(whole);
    if (!message_.binary)
      for (const Bytes& piece : message_.payload.pieces())
        if (!text_.feed(piece.view())) return fail(kInvalidData, "the text is not UTF-8");
  }
  if (!message_.binary && !text_.complete()) return fail(kInvalidData, "the text is not UTF-8");
  return Step::kMessage;
}

}  // namespace jina::websocket
