// Request parameters on the wire: which of them an Executor sees, and what Executors put into `__results__`.
//
// All of it works on the encoded google.protobuf.Struct: a key that concerns nobody in particular is never decoded, and
// parameters that need no rewriting travel on as the block they came in. Rules: wire facts, section 5.
//
// Thread: free functions and plain objects. Lifetime: results share or own their memory. Cancellation: none.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "jina/bytes.hpp"
#include "jina/status.hpp"

namespace jina {

/// Whether a key is meant for one Executor: `name__key`, with the separator neither first nor last.
bool is_specific_parameter(std::string_view key) noexcept;

/// The parameters as `executor` gets them: `executor__key` arrives as `key`, those of other Executors are removed, the entries of
/// an object under the Executor's own name are added at the top and win. The same block when nothing has to change.
/// UNKNOWN, as Jina fails, when there is something else than an object under that name; INVALID_ARGUMENT for bytes that are no
/// Struct.
Result<Bytes> parameters_for_executor(const Bytes& parameters, std::string_view executor);

/// With an empty `__results__` when there is none: what the Executor behind a merged fan-in sees.
Result<Bytes> parameters_with_results_key(const Bytes& parameters);

/// Gathers the `__results__` that the nodes of a graph returned, in the order of add(); of two entries for the same pod the
/// later one wins.
class ResultsCollector {
 public:
  /// Takes what the reply's parameters have under `__results__`; bytes that are no Struct and values that are no object are
  /// ignored.
  void add(std::string_view reply_parameters);
  bool empty() const noexcept { return entries_.empty(); }
  /// The client's parameters with what was gathered in place of their `__results__`; the same block when nothing was.
  Bytes merge_into(const Bytes& client_parameters) const;

 private:
  std::string entries_;  // map entries of a Struct, encoded
};

}  // namespace jina
