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

// Two tags, two varints, and tag and length around them.
constexpr std::size_t kMostOfTimestamp = 2 + 2 * (1 + 10);

// Into memory, which costs a fifth of appending each part to a string: every node of a Flow adds two of these to an answer.
char* put_timestamp(char* out, std::uint32_t field, const TimestampParts& time) noexcept {
  *out++ = static_cast<char>(make_tag(field, WireType::kLengthDelimited));
  *out++ = static_cast<char>(time.size());
  if (time.seconds != 0) {
    *out++ = static_cast<char>(make_tag(1, WireType::kVarint));
    out = put_varint(out, time.seconds);
  }
  if (time.nanos != 0) {
    *out++ = static_cast<char>(make_tag(2, WireType::kVarint));
    out = put_varint(out, time.nanos);
  }
  return out;
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
  char times[2 * kMostOfTimestamp];
  char* after = times;
  if (start) after = put_timestamp(after, 2, *start);
  if (end) after = put_timestamp(after, 3, *end);
  out.append(times, static_cast<std::size_t>(after - times));
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
