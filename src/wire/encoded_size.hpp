// encoded_size: how many bytes a DataRequest is on a wire, without writing them.
//
// Thread: free function. Lifetime: none. Cancellation: none.
#pragma once
#include <cstddef>

#include "wire/data_request.hpp"
#include "wire/pb_writer.hpp"

namespace jina::wire {

/// What serialize() would give. Documents that nobody encoded yet are encoded for it, once, or count nothing.
inline std::size_t encoded_size(const DataRequest& request, bool may_encode) {
  const auto field = [](std::size_t size) { return 1 + varint_size(size) + size; };
  std::size_t size = request.routes.size() + request.unknown.size();
  if (request.has_header || !request.header.empty()) size += field(request.header.size());
  if (request.parameters) size += field(request.parameters->size());
  if (request.data) {
    size += field(request.data->size());
  } else if (request.unencoded && may_encode) {
    size += field(request.unencoded->encode().size());
  }
  return size;
}

}  // namespace jina::wire
