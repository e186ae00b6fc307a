// Messages of gRPC peers: the request, what is in its header, its routes, its parameters and its Documents. What was read and is
// written again reads the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "document/document_codec.hpp"
#include "document/parameters.hpp"
#include "document/struct_codec.hpp"
#include "wire/data_request.hpp"

namespace {

using jina::Buffer;
using jina::Bytes;

// Two pieces, as a message arrives that crosses the end of a read block.
Buffer in_pieces(std::string_view bytes) {
  Buffer buffer = Buffer::copy_of(bytes.substr(0, bytes.size() / 2));
  buffer.append(Bytes::copy_of(bytes.substr(bytes.size() / 2)));
  return buffer;
}

void read_header(std::string_view bytes) {
  const auto header = jina::wire::parse_header(bytes);
  if (!header) return;
  if (header->has_status) (void)jina::wire::parse_status(header->status);
  const Bytes cleared = jina::wire::with_cleared_target_executor(Bytes::copy_of(bytes), *header);
  const auto again = jina::wire::parse_header(cleared.view());
  if (!again || (again->target_executor && !again->target_executor->empty())) std::abort();
}

void read_routes(std::string_view bytes) {
  jina::wire::RouteReader routes(bytes);
  while (routes.next())
    if (routes.route().has_status) (void)jina::wire::parse_status(routes.route().status);
  (void)jina::wire::keep_routes_of("executor0", bytes);
}

void read_parameters(const Bytes& bytes) {
  const auto object = jina::decode_struct(bytes.view());
  (void)jina::parameters_for_executor(bytes, "executor0");
  (void)jina::parameters_with_results_key(bytes);
  jina::ResultsCollector results;
  results.add(bytes.view());
  (void)results.merge_into(bytes);
  if (object && !jina::decode_struct(jina::encode_struct(*object))) std::abort();
}

void read_documents(const Buffer& bytes) {
  const auto content = jina::decode_content(bytes);
  if (!content || !content->docs) return;
  const auto again = jina::decode_documents(jina::encode_documents(*content->docs));
  if (!again || again->size() != content->docs->size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto request = jina::wire::DataRequest::parse(in_pieces(bytes));
  if (request) {
    const auto again = jina::wire::DataRequest::parse(request->serialize());
    if (!again || again->has_data() != request->has_data()) std::abort();
    read_header(request->header.view());
    read_routes(request->routes.view());
    if (request->parameters) read_parameters(*request->parameters);
    if (request->data) read_documents(*request->data);
  }
  if (const auto list = jina::wire::parse_request_list(in_pieces(bytes)); list) (void)jina::wire::serialize_request_list(*list);
  // The inner messages by themselves, so that the fuzzer need not put them into a request first.
  read_header(bytes);
  read_routes(bytes);
  read_parameters(Bytes::copy_of(bytes));
  read_documents(in_pieces(bytes));
  return 0;
}
