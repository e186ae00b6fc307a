#include "wire/data_request.hpp"

#include <algorithm>

#include "wire/pb_reader.hpp"

namespace jina::wire {
namespace {

enum Field : std::uint32_t { kHeader = 1, kParameters = 2, kRoutes = 3, kData = 4 };

Status malformed(std::string_view message, std::size_t offset) {
  return {StatusCode::kInvalidArgument, "not a " + std::string(message) + ": malformed field at byte " + std::to_string(offset)};
}

// Adds `part` to `whole`; parts that follow each other in the same block stay one slice.
void extend(Bytes& whole, const Bytes& source, std::string_view part) {
  const auto offset = static_cast<std::size_t>(part.data() - source.data());
  if (whole.empty()) {
    whole = source.slice(offset, part.size());
  } else if (whole.data() + whole.size() == part.data()) {
    whole = source.slice(static_cast<std::size_t>(whole.data() - source.data()), whole.size() + part.size());
  } else {
    std::string joined = whole.str();
    joined.append(part);
    whole = Bytes::take(std::move(joined));
  }
}

Result<DataRequest> parse_contiguous(const Bytes& source) {
  DataRequest request;
  PbReader reader(source.view());
  while (reader.next()) {
    if (reader.type() != WireType::kLengthDelimited || reader.field() > kData) {
      request.unknown.append(source.slice(reader.offset() - reader.raw().size(), reader.raw().size()));
      continue;
    }
    const std::string_view content = reader.bytes();
    const auto slice = [&] { return source.slice(static_cast<std::size_t>(content.data() - source.data()), content.size()); };
    switch (reader.field()) {
      case kHeader:
        // Occurrences merge by concatenation of their contents, between which a tag stands: never adjacent, so joined by copy.
        request.has_header = true;
        extend(request.header, source, content);
        break;
      case kParameters: {
        Bytes joined = request.parameters.value_or(Bytes{});
        extend(joined, source, content);
        request.parameters = std::move(joined);
        break;
      }
      case kRoutes: extend(request.routes, source, reader.raw()); break;
      case kData:
        if (!request.data) request.data.emplace();
        request.data->append(slice());
        break;
      default: request.unknown.append(source.slice(reader.offset() - reader.raw().size(), reader.raw().size()));
    }
  }
  if (reader.failed()) return malformed("DataRequestProto", reader.offset());
  return request;
}

// A message of several pieces is large because of its `data`: the rest is gathered, `data` is cut out by reference.
class ScatteredParser {
 public:
  explicit ScatteredParser(const Buffer& message) : message_(message) {}

  Result<DataRequest> parse() {
    DataRequest request;
    std::string others;  // all fields but `data`, in order
    while (at_ < message_.size()) {
      const std::size_t start = at_;
      std::uint64_t tag = 0;
      if (!varint(tag) || tag > UINT32_MAX || tag >> 3 == 0) return malformed("DataRequestProto", start);
      if (!skip(static_cast<std::uint32_t>(tag))) return malformed("DataRequestProto", start);
      if (tag == make_tag(kData, WireType::kLengthDelimited)) {
        if (!request.data) request.data.emplace();
        request.data->append(message_.slice(content_, at_ - content_));
      } else {
        const std::size_t old = others.size();
        others.resize(old + (at_ - start));
        message_.copy_to(others.data() + old, start, at_ - start);
      }
    }
    if (others.empty()) return request;
    Result<DataRequest> rest = parse_contiguous(Bytes::take(std::move(others)));
    if (rest) rest->data = std::move(request.data);
    return rest;
  }

 private:
  bool varint(std::uint64_t& value) {
    char window[10];
    const std::size_t size = std::min(sizeof(window), message_.size() - at_);
    message_.copy_to(window, at_, size);
    const char* end = PbReader::read_varint(window, window + size, value);
    if (end == nullptr) return false;
    at_ += static_cast<std::size_t>(end - window);
    return true;
  }
  bool skip(std::uint32_t tag) {
    std::uint64_t value = 0;
    content_ = at_;
    switch (static_cast<WireType>(tag & 7)) {
      case WireType::kVarint: return varint(value);
      case WireType::kFixed64: return advance(8);
      case WireType::kFixed32: return advance(4);
      case WireType::kLengthDelimited:
        if (!varint(value)) return false;
        content_ = at_;
        return advance(value);
      default: return false;  // groups are not worth a second walk here: they never stand in a large message of this kind
    }
  }
  bool advance(std::uint64_t bytes) {
    if (bytes > message_.size() - at_) return false;
    at_ += static_cast<std::size_t>(bytes);
    return true;
  }

  const Buffer& message_;
  std::size_t at_ = 0;
  std::size_t content_ = 0;
};

void append_timestamp(PbWriter& writer, std::uint32_t field, std::int64_t nanoseconds) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  std::int64_t seconds = nanoseconds / kSecond;
  std::int64_t rest = nanoseconds % kSecond;
  if (rest < 0) {
    rest += kSecond;
    --seconds;
  }
  rest -= rest % 1000;  // microseconds, as Jina
  const auto seconds_bits = static_cast<std::uint64_t>(seconds);
  const auto nanos_bits = static_cast<std::uint64_t>(rest);
  writer.prefix(field, (seconds != 0 ? 1 + varint_size(seconds_bits) : 0) + (rest != 0 ? 1 + varint_size(nanos_bits) : 0));
  writer.varint_if(1, seconds_bits);
  writer.varint_if(2, nanos_bits);
}

}  // namespace

Result<DataRequest> DataRequest::parse(const Buffer& message) {
  if (message.empty()) return DataRequest{};
  if (message.pieces().size() == 1) return parse_contiguous(message.pieces().front());
  return ScatteredParser(message).parse();
}

Buffer DataRequest::serialize() const {
  constexpr std::size_t kPrefix = 12;          // tag and length of a field
  constexpr std::size_t kCopyDataBelow = 1024; // small Documents travel in the same block
  const std::size_t data_size = data ? data->size() : 0;
  const bool copy_data = data_size <= kCopyDataBelow;
  std::string block;
  block.reserve(header.size() + (parameters ? parameters->size() : 0) + routes.size() + 3 * kPrefix + (copy_data ? data_size : 0));
  PbWriter writer(block);
  if (has_header || !header.empty()) writer.bytes(kHeader, header.view());
  if (parameters) writer.bytes(kParameters, parameters->view());
  block.append(routes.view());
  if (data) writer.prefix(kData, data_size);
  Buffer message;
  if (data && copy_data)
    for (const Bytes& piece : data->pieces()) block.append(piece.view());
  message.append(Bytes::take(std::move(block)));
  if (data && !copy_data) message.append(*data);
  message.append(unknown);
  return message;
}

Result<HeaderView> parse_header(std::string_view header) {
  HeaderView view;
  PbReader reader(header);
  while (reader.next()) {
    if (reader.is(1, WireType::kLengthDelimited)) {
      view.request_id = reader.bytes();
    } else if (reader.is(2, WireType::kLengthDelimited)) {
      view.has_status = true;
      view.status = reader.bytes();
    } else if (reader.is(3, WireType::kLengthDelimited)) {
      view.exec_endpoint = reader.bytes();
    } else if (reader.is(4, WireType::kLengthDelimited)) {
      view.target_executor = reader.bytes();
    } else if (reader.is(5, WireType::kVarint)) {
      view.timeout = static_cast<std::uint32_t>(reader.varint());
    }
  }
  if (reader.failed()) return malformed("HeaderProto", reader.offset());
  PbReader status(view.status);
  while (status.next())
    if (status.is(1, WireType::kVarint)) view.status_is_error = status.varint() != 0;
  if (status.failed()) return malformed("StatusProto", status.offset());
  return view;
}

void clear_target_executor(std::string& header) { PbWriter(header).bytes(4, ""); }

void append_route(std::string& out, const Route& route) {
  std::string content;
  content.reserve(route.executor.size() + route.status.size() + 48);
  PbWriter writer(content);
  writer.bytes_if(1, route.executor);
  if (route.start_ns) append_timestamp(writer, 2, *route.start_ns);
  if (route.end_ns) append_timestamp(writer, 3, *route.end_ns);
  writer.bytes_if(4, route.status);
  PbWriter(out).bytes(kRoutes, content);
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
