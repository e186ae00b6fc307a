// RouteProto.
#include "wire/data_request.hpp"
#include "wire/pb_writer.hpp"

namespace jina::wire {
namespace {

struct TimestampParts {
  std::uint64_t seconds;
  std::uint64_t nanos;
  std::size_t size() const noexcept {
    return (seconds != 0 ? 1 + varint_size(seconds) : 0) + (nanos != 0 ? 1 + varint_size(nanos) : 0);
  }
};

TimestampParts split(std::int64_t nanoseconds) noexcept {
  constexpr std::int64_t kSecond = 1'000'000'000;
  std::int64_t seconds = nanoseconds / kSecond;
  std::int64_t rest = nanoseconds % kSecond;
  if (rest < 0) {
    rest += kSecond;
    --seconds;
  }
  rest -= rest % 1000;  // microseconds, as Jina
  return {static_cast<std::uint64_t>(seconds), static_cast<std::uint64_t>(rest)};
}

void append_timestamp(PbWriter& writer, std::uint32_t field, const TimestampParts& time) {
  writer.prefix(field, time.size());
  writer.varint_if(1, time.seconds);
  writer.varint_if(2, time.nanos);
}

bool read_timestamp(std::string_view encoded, std::optional<Timestamp>& time) noexcept {
  if (!time) time.emplace();
  PbReader reader(encoded);
  while (reader.next()) {
    if (reader.is(1, WireType::kVarint)) time->seconds = static_cast<std::int64_t>(reader.varint());
    if (reader.is(2, WireType::kVarint)) time->nanos = static_cast<std::int32_t>(reader.varint());
  }
  return !reader.failed();
}

}  // namespace

void append_route(std::string& out, const Route& route) {
  const auto start = route.start_ns ? std::optional(split(*route.start_ns)) : std::nullopt;
  const auto end = route.end_ns ? std::optional(split(*route.end_ns)) : std::nullopt;
  const auto length_field = [](std::size_t size) { return 1 + varint_size(size) + size; };
  std::size_t size = 0;
  if (!route.executor.empty()) size += length_field(route.executor.size());
  if (start) size += length_field(start->size());
  if (end) size += length_field(end->size());
  if (!route.status.empty()) size += length_field(route.status.size());
  PbWriter writer(out);
  writer.prefix(3, size);
  writer.bytes_if(1, route.executor);
  if (start) append_timestamp(writer, 2, *start);
  if (end) append_timestamp(writer, 3, *end);
  writer.bytes_if(4, route.status);
}

bool RouteReader::next() noexcept {
  while (routes_.next()) {
    if (!routes_.is(3, WireType::kLengthDelimited)) continue;
    route_ = {};
    route_.raw = routes_.raw();
    PbReader reader(routes_.bytes());
    while (reader.next()) {
      if (reader.is(1, WireType::kLengthDelimited)) route_.executor = reader.bytes();
      if (reader.is(2, WireType::kLengthDelimited) && !read_timestamp(reader.bytes(), route_.start)) failed_ = true;
      if (reader.is(3, WireType::kLengthDelimited) && !read_timestamp(reader.bytes(), route_.end)) failed_ = true;
      if (reader.is(4, WireType::kLengthDelimited)) {
        route_.status = reader.bytes();
        route_.has_status = true;
      }
    }
    failed_ = failed_ || reader.failed();
    return !failed_;
  }
  failed_ = failed_ || routes_.failed();
  return false;
}

std::string keep_routes_of(std::string_view executor, std::string_view routes) {
  std::string kept;
  RouteReader reader(routes);
  while (reader.next())
    if (reader.route().executor == executor) kept.append(reader.route().raw);
  return kept;
}

}  // namespace jina::wire
