// Client: sends a request to a gateway (or an Executor, over gRPC) over any of the three protocols and gives the answer, always in
// the JSON of Jina's HTTP gateway.
//
// Thread: one I/O thread. Lifetime: await every post() before destruction. Cancellation: Asio's; the limit ends a post() with
// DEADLINE_EXCEEDED.
#pragma once
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "client/target.hpp"
#include "document/json/json_request.hpp"
#include "jina/request_context.hpp"
#include "jina/status.hpp"
#include "jina/task.hpp"

namespace jina::client {

struct ClientOptions {
  bool stream = true;                                  ///< gRPC: JinaRPC/Call; else JinaSingleDataRequestRPC/process_single_data
  std::optional<std::chrono::milliseconds> timeout{};  ///< of one post()
  Metadata metadata{};                                 ///< gRPC metadata, or HTTP header fields
};

struct Answer {
  std::string json;  ///< {"header":...,"parameters":...,"routes":...,"data":[...]}
  /// Not OK when the answer says that the request failed (an Executor raised, or an HTTP error status): the answer is there all the
  /// same.
  Status outcome{};
};

class Client {
 public:
  virtual ~Client() = default;
  /// An error means that no answer came.
  virtual Task<Result<Answer>> post(JsonRequest request) = 0;

  static std::unique_ptr<Client> make(boost::asio::io_context& io, Target target, ClientOptions options = {});
};

}  // namespace jina::client
