// What a head makes of several requests: one request's routes, one answer's Documents and results.
//
// Thread: free functions. Lifetime: results share the memory of their arguments. Cancellation: none.
#pragma once
#include <vector>

#include "jina/status.hpp"
#include "wire/data_request.hpp"

namespace jina::head {

/// The first request gets the routes of Executors that only later ones have been at.
void merge_routes(std::vector<wire::DataRequest>& requests);

/// Documents merged by id in the order of the shards; header and routes of the first answer that succeeded; parameters of the
/// first with the `__results__` of all. INVALID_ARGUMENT when an answer can not be read. REQUIRES: not empty.
Result<wire::DataRequest> reduce_answers(std::vector<wire::DataRequest> answers);

/// no_reduce without uses_after, as in Jina: the first answer that succeeded with the Documents of the requests.
Result<wire::DataRequest> answer_with_inputs(std::vector<wire::DataRequest> answers,
                                             const std::vector<wire::DataRequest>& requests);

}  // namespace jina::head
