#include "wire/data_request.hpp"

#include <algorithm>

#include "wire/malformed.hpp"
#include "wire/pb_writer.hpp"

namespace jina::wire {
namespace {

enum Field : std::uint32_t { kHeader = 1, kParameters = 2, kRoutes = 3, kData = 4 };

// Small Documents travel in one block with the rest: copying them is cheaper than another piece on the way to the socket.
constexpr std::size_t kCopyDataBelow = 1024;

std::size_t offset_in(const Bytes& source, std::string_view part) noexcept {
  return static_cast<std::size_t>(part.data() - source.data());
}

Bytes slice_of(const Bytes& source, std::string_view part) {
  return part.empty() ? Bytes{} : source.slice(offset_in(source, part), part.size());
}

// The occurrences of a field: one slice while they follow each other in the message, a copy of its own otherwise.
struct Gathered {
  std::string_view first;
  bool present = false;
  bool scattered = false;

  void add(std::string_view part) noexcept {
    if (!present || first.empty()) {
      first = part;
    } else if (first.data() + first.size() == part.data()) {
      first = {first.data(), first.size() + part.size()};
    } else {
      scattered = scattered || !part.empty();
    }
    present = true;
  }
};

// All contents of `field`, or the whole fields.
Bytes join(const Bytes& source, std::uint32_t field, bool whole) {
  std::string joined;
  for (PbReader reader(source.view()); reader.next();)
    if (reader.is(field, WireType::kLengthDelimited)) joined.append(whole ? reader.raw() : reader.bytes());
  return Bytes::take(std::move(joined));
}

Result<DataRequest> parse_contiguous(const Bytes& source) {
  Result<DataRequest> result{DataRequest{}};
  DataRequest& request = *result;
  Gathered header;
  Gathered parameters;
  Gathered routes;
  PbReader reader(source.view());
  while (reader.next()) {
    const std::uint32_t field = reader.type() == WireType::kLengthDelimited ? reader.field() : 0;
    switch (field) {
      case kHeader: header.add(reader.bytes()); break;
      case kParameters: parameters.add(reader.bytes()); break;
      case kRoutes: routes.add(reader.raw()); break;
      case kData:
        if (!request.data) request.data.emplace();
        request.data->append(slice_of(source, reader.bytes()));
        break;
      default: request.unknown.append(slice_of(source, reader.raw()));
    }
  }
  if (reader.failed()) return malformed("DataRequestProto", reader.offset());
  const auto finish = [&](const Gathered& found, std::uint32_t field, bool whole) {
    return found.scattered ? join(source, field, whole) : slice_of(source, found.first);
  };
  request.has_header = header.present;
  request.header = finish(header, kHeader, false);
  if (parameters.present) request.parameters = finish(parameters, kParameters, false);
  request.routes = finish(routes, kRoutes, true);
  return result;
}

// A message of several pieces is large because of its `data`: the rest is gathered, `data` is cut out by reference.
class ScatteredParser {
 public:
  explicit ScatteredParser(const Buffer& message) : message_(message) {}

  Result<DataRequest> parse() {
    std::optional<Buffer> data;
    std::string others;  // all fields but `data`, in order
    while (at_ < message_.size()) {
      const std::size_t start = at_;
      std::uint64_t tag = 0;
      if (!varint(tag) || !PbReader::is_tag(tag)) return malformed("DataRequestProto", start);
      // Groups are long out of use: not worth a second way to skip them.
      if (static_cast<WireType>(tag & 7) == WireType::kStartGroup) return parse_contiguous(message_.flatten());
      if (!skip(static_cast<std::uint32_t>(tag))) return malformed("DataRequestProto", start);
      if (tag == make_tag(kData, WireType::kLengthDelimited)) {
        if (!data) data.emplace();
        data->append(message_.slice(content_, at_ - content_));
      } else {
        const std::size_t old = others.size();
        others.resize(old + (at_ - start));
        message_.copy_to(others.data() + old, start, at_ - start);
      }
    }
    Result<DataRequest> request = parse_contiguous(Bytes::take(std::move(others)));
    if (request) request->data = std::move(data);
    return request;
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
    switch (static_cast<WireType>(tag & 7)) {
      case WireType::kVarint: return varint(value);
      case WireType::kFixed64: return advance(8);
      case WireType::kFixed32: return advance(4);
      case WireType::kLengthDelimited:
        if (!varint(value)) return false;
        content_ = at_;
        return advance(value);
      default: return false;
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

}  // namespace

Result<DataRequest> DataRequest::parse(const Buffer& message) {
  if (message.empty()) return DataRequest{};
  if (message.pieces().size() == 1) return parse_contiguous(message.pieces().front());
  return ScatteredParser(message).parse();
}

Buffer DataRequest::serialize() const {
  const auto field_size = [](std::size_t size) { return 1 + varint_size(size) + size; };
  const bool write_header = has_header || !header.empty();
  const std::optional<Buffer> made = unencoded ? std::optional<Buffer>(unencoded->encode()) : std::nullopt;
  const Buffer* const content = made ? &*made : data ? &*data : nullptr;
  const std::size_t data_size = content != nullptr ? content->size() : 0;
  const bool copy_data = data_size <= kCopyDataBelow;
  const bool copy_unknown = copy_data && unknown.size() <= kCopyDataBelow;
  std::size_t size = routes.size();
  if (write_header) size += field_size(header.size());
  if (parameters) size += field_size(parameters->size());
  if (content != nullptr) size += 1 + varint_size(data_size) + (copy_data ? data_size : 0);
  if (copy_unknown) size += unknown.size();

  char* out = nullptr;
  const Bytes block = Bytes::allocate(size, out);
  const auto put = [&out](std::string_view bytes) {
    if (!bytes.empty()) std::memcpy(out, bytes.data(), bytes.size());
    out += bytes.size();
  };
  const auto prefix = [&out](std::uint32_t field, std::size_t length) {
    *out++ = static_cast<char>(make_tag(field, WireType::kLengthDelimited));
    out = put_varint(out, length);
  };
  if (write_header) {
    prefix(kHeader, header.size());
    put(header.view());
  }
  if (parameters) {
    prefix(kParameters, parameters->size());
    put(parameters->view());
  }
  put(routes.view());
  if (content != nullptr) {
    prefix(kData, data_size);
    if (copy_data)
      for (const Bytes& piece : content->pieces()) put(piece.view());
  }
  if (copy_unknown)
    for (const Bytes& piece : unknown.pieces()) put(piece.view());

  Buffer message(block);
  if (content != nullptr && !copy_data) message.append(*content);
  if (!copy_unknown) message.append(unknown);
  return message;
}

Result<std::vector<DataRequest>> parse_request_list(const Buffer& message) {
  std::vector<DataRequest> requests;
  const Bytes bytes = message.flatten();
  PbReader reader(bytes.view());
  while (reader.next()) {
    if (!reader.is(1, WireType::kLengthDelimited)) continue;
    Result<DataRequest> request = DataRequest::parse(slice_of(bytes, reader.bytes()));
    if (!request) return std::move(request).error();
    requests.push_back(std::move(*request));
  }
  if (reader.failed()) return malformed("DataRequestListProto", reader.offset());
  return requests;
}

Buffer serialize_request_list(const std::vector<DataRequest>& requests) {
  Buffer message;
  for (const DataRequest& request : requests) {
    Buffer encoded = request.serialize();
    std::string prefix;
    PbWriter(prefix).prefix(1, encoded.size());
    message.append(Bytes::copy_of(prefix));
    message.append(std::move(encoded));
  }
  return message;
}

}  // namespace jina::wire
