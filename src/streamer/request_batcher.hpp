// RequestBatcher: cuts Documents into DataRequests, one at a time as they are asked for.
//
// Thread: plain object. Lifetime: owns the Documents. Cancellation: none.
#pragma once
#include <optional>

#include "jina/streamer.hpp"
#include "wire/data_request.hpp"

namespace jina::streamer {

class RequestBatcher {
 public:
  RequestBatcher(DocumentArray docs, const StreamOptions& options);

  /// The next request, or nullopt after the last Document.
  std::optional<wire::DataRequest> next();
  bool empty() const noexcept { return at_ == docs_.size(); }

 private:
  DocumentArray docs_;
  std::size_t at_ = 0;
  std::size_t size_;
  std::string exec_endpoint_;
  std::string target_executor_;
  std::string request_id_;
  Bytes parameters_;  // encoded once, shared by all requests
};

}  // namespace jina::streamer
