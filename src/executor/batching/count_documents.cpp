#include "executor/batching/count_documents.hpp"

#include "document/request_documents.hpp"
#include "wire/pb_reader.hpp"

namespace jina {
namespace {

using wire::PbReader;
using wire::WireType;

// DataContentProto: 1 docs; DocumentArrayProto: 1 docs, repeated.
std::size_t count(std::string_view content) {
  std::size_t documents = 0;
  for (PbReader reader(content); reader.next();) {
    if (!reader.is(1, WireType::kLengthDelimited)) continue;
    for (PbReader docs(reader.bytes()); docs.next();)
      if (docs.is(1, WireType::kLengthDelimited)) ++documents;
  }
  return documents;
}

}  // namespace

std::size_t count_documents(const wire::DataRequest& request) {
  if (const DocumentArray* docs = decoded_documents(request)) return docs->size();
  return request.data ? count(request.data->flatten().view()) : 0;
}

std::size_t count_documents(const std::vector<wire::DataRequest>& requests) {
  std::size_t documents = 0;
  for (const wire::DataRequest& request : requests) documents += count_documents(request);
  return documents;
}

}  // namespace jina
