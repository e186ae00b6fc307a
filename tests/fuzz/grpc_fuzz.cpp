// What gRPC peers put into a stream: messages behind their length, compressed or not, and metadata.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "protocol/grpc/compression.hpp"
#include "protocol/grpc/framing.hpp"
#include "protocol/grpc/metadata.hpp"
#include "telemetry/propagation.hpp"

namespace {

constexpr std::size_t kMaxBytes = 4000;

std::string read(std::string_view stream, std::size_t piece, jina::grpc::Compression compression) {
  jina::grpc::MessageReader reader(compression, kMaxBytes);
  std::string seen;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    reader.feed(jina::Bytes::copy_of(stream.substr(at, piece)));
    while (true) {
      auto message = reader.next();
      if (!message) return seen + message.error().to_string();
      if (!*message) break;
      if ((*message)->size() > kMaxBytes) std::abort();
      seen += (*message)->str() + '\n';
    }
  }
  return seen;
}

void read_metadata(std::string_view text) {
  (void)jina::grpc::parse_timeout(text);
  if (jina::grpc::percent_decode(jina::grpc::percent_encode(text)) != text) std::abort();
  (void)jina::grpc::percent_decode(text);
  jina::Metadata metadata;
  (void)jina::grpc::add_received(metadata, "x-bin", text);
  for (const auto& [name, value] : metadata) {
    jina::Metadata again;
    if (!jina::grpc::add_received(again, name, jina::grpc::encode_value(name, value))) std::abort();
    if (again.size() != 1 || again[0].second != value) std::abort();
  }
  const std::size_t line = text.find('\n');
  jina::Metadata tracing{{"traceparent", std::string(text.substr(0, line))}};
  if (line != std::string_view::npos) tracing.emplace_back("tracestate", std::string(text.substr(line + 1)));
  const jina::TraceContext context = jina::telemetry::extract(tracing);
  jina::Metadata sent;
  jina::telemetry::inject(context, sent);
  if (context.valid() && !jina::telemetry::extract(sent).valid()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto compression = (data[0] & 1) != 0 ? jina::grpc::Compression::kGzip : jina::grpc::Compression::kDeflate;
  const std::string whole = read(stream, stream.size(), compression);
  if (read(stream, 1, compression) != whole || read(stream, std::size_t{1} + data[0], compression) != whole) std::abort();
  read_metadata(stream);
  return 0;
}
