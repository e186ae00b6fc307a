// count_documents: how many Documents requests have, without decoding them.
//
// Thread: free function. Lifetime: none. Cancellation: none.
#pragma once
#include <cstddef>
#include <vector>

#include "wire/data_request.hpp"

namespace jina {

/// In bytes that are no message: those before the first error.
std::size_t count_documents(const wire::DataRequest& request);
/// Of all of them.
std::size_t count_documents(const std::vector<wire::DataRequest>& requests);

}  // namespace jina
