// RequestSource: makes requests of a client's inputs, one at a time as they are asked for.
//
// Thread: one I/O thread; input functions are called on it. Lifetime: shared with an input coroutine that runs. Cancellation: none;
// an answer that comes too late is dropped with its callback.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <optional>
#include <string>

#include "base/unique_function.hpp"
#include "jina/client.hpp"
#include "wire/data_request.hpp"

namespace jina::client {

class RequestSource : public std::enable_shared_from_this<RequestSource> {
 public:
  struct Request {
    std::string id;
    wire::DataRequest message{};
  };
  /// nullopt: there are no more. INVALID_ARGUMENT: an input function threw.
  using Got = UniqueFunction<void(Result<std::optional<Request>>)>;

  RequestSource(boost::asio::any_io_executor executor, std::string endpoint, Inputs inputs, const PostOptions& options);

  /// One at a time; may call before it returns.
  void next(Got got);

 private:
  Result<std::optional<Request>> next_of_function(const Inputs::Next& function);
  Task<std::optional<Request>> next_of_coroutine();
  std::optional<Request> next_of_array(DocumentArray& docs);
  Request make(DocumentArray docs);
  Request make_empty();

  boost::asio::any_io_executor executor_;
  Inputs::Source source_;
  std::size_t size_;
  std::size_t at_ = 0;
  bool ended_ = false;
  std::string endpoint_;
  std::string target_executor_;
  std::string request_id_;
  Bytes parameters_;  // encoded once, shared by all requests
};

}  // namespace jina::client
