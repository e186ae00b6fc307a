// HeaderProto and StatusProto.
#include "base/utf8.hpp"
#include "wire/data_request.hpp"
#include "wire/malformed.hpp"
#include "wire/pb_writer.hpp"

namespace jina::wire {

Result<HeaderView> parse_header(std::string_view header) {
  HeaderView view;
  PbReader reader(header);
  while (reader.next()) {
    const bool length_delimited = reader.type() == WireType::kLengthDelimited;
    if (length_delimited && reader.field() <= 4 && reader.field() != 2 && !is_utf8(reader.bytes()))
      return Status{StatusCode::kInvalidArgument, "not a HeaderProto: the text at byte " +
                                                      std::to_string(reader.offset() - reader.bytes().size()) + " is not UTF-8"};
    if (reader.is(1, WireType::kLengthDelimited)) {
      view.request_id = reader.bytes();
    } else if (reader.is(2, WireType::kLengthDelimited)) {
      view.has_status = true;
      view.status = reader.bytes();
      // Occurrences merge: the code is the last one that any of them names.
      PbReader status(view.status);
      while (status.next())
        if (status.is(1, WireType::kVarint)) view.status_is_error = status.varint() != 0;
      if (status.failed()) return malformed("StatusProto", status.offset());
    } else if (reader.is(3, WireType::kLengthDelimited)) {
      view.exec_endpoint = reader.bytes();
    } else if (reader.is(4, WireType::kLengthDelimited)) {
      view.target_executor = reader.bytes();
    } else if (reader.is(5, WireType::kVarint)) {
      view.timeout = static_cast<std::uint32_t>(reader.varint());
    }
  }
  if (reader.failed()) return malformed("HeaderProto", reader.offset());
  return view;
}

void set_status(DataRequest& request, std::string_view status) {
  std::string header = request.header.str();
  PbWriter(header).bytes(2, status);
  request.header = Bytes::take(std::move(header));
  request.has_header = true;
}

void clear_target_executor(std::string& header) { PbWriter(header).bytes(4, ""); }

Bytes with_cleared_target_executor(const Bytes& header, const HeaderView& view) {
  if (view.target_executor && view.target_executor->empty()) return header;
  std::string changed;
  changed.reserve(header.size() + 2);
  changed = header.view();
  clear_target_executor(changed);
  return Bytes::copy_of(changed);
}

Result<StatusView> parse_status(std::string_view status) {
  StatusView view;
  PbReader reader(status);
  while (reader.next()) {
    if (reader.is(1, WireType::kVarint)) view.code = static_cast<std::int32_t>(reader.varint());
    if (reader.is(2, WireType::kLengthDelimited)) view.description = reader.bytes();
    if (!reader.is(3, WireType::kLengthDelimited)) continue;
    view.has_exception = true;
    PbReader exception(reader.bytes());
    while (exception.next()) {
      if (exception.is(1, WireType::kLengthDelimited)) view.exception_name = exception.bytes();
      if (exception.is(2, WireType::kLengthDelimited)) view.args.push_back(exception.bytes());
      if (exception.is(3, WireType::kLengthDelimited)) view.stacks.push_back(exception.bytes());
      if (exception.is(4, WireType::kLengthDelimited)) view.executor = exception.bytes();
    }
    if (exception.failed()) return malformed("StatusProto.ExceptionProto", exception.offset());
  }
  if (reader.failed()) return malformed("StatusProto", reader.offset());
  return view;
}

std::string encode_error_status(const ErrorStatus& status) {
  std::string exception;
  PbWriter inner(exception);
  inner.bytes_if(1, status.exception_name);
  for (const std::string& arg : status.args) inner.bytes(2, arg);
  for (const std::string& stack : status.stacks) inner.bytes(3, stack);
  inner.bytes_if(4, status.executor);
  std::string encoded;
  PbWriter writer(encoded);
  writer.varint(1, 1);
  writer.bytes_if(2, status.description);
  if (!exception.empty()) writer.bytes(3, exception);
  return encoded;
}

std::string encode_header(const HeaderFields& fields) {
  std::string encoded;
  PbWriter writer(encoded);
  writer.bytes_if(1, fields.request_id);
  if (!fields.status.empty()) writer.bytes(2, fields.status);
  if (fields.exec_endpoint) writer.bytes(3, *fields.exec_endpoint);
  if (fields.target_executor) writer.bytes(4, *fields.target_executor);
  return encoded;
}

}  // namespace jina::wire
