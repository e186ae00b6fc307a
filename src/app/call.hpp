// Call: one request on its way through a route: what came in, what was read of it, and the answer as it is made.
//
// Its order: Operation::bind (reads the inputs into the state of the call, notes errors), then Operation::plain or ::start (calls
// the handler, makes `response`). answer.hpp has the functions that do this and turn errors and exceptions into answers.
//
// Thread: one at a time: the I/O thread of the request, or the worker thread that a blocking route runs on. Lifetime: `route`,
// `request`, `context` and `environment` outlive it. Cancellation: the context's.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/environment.hpp"
#include "app/route_info.hpp"
#include "jina/app.hpp"

namespace jina::app {

/// The parameters of a path by name, decoded.
using PathValues = std::vector<std::pair<std::string, std::string>>;

class Call {
 public:
  Call(const RouteInfo& called, HttpRequest& request_, RequestContext& context_, PathValues values,
       const AppEnvironment& environment_)
      : route(called), request(request_), context(context_), environment(environment_), path_values(std::move(values)) {
    response.status = called.success_status();
    context.route = called.path;
  }
  ~Call() {
    if (destroy_ != nullptr) destroy_(state_);
    if (state_ != nullptr && state_ != storage_) ::operator delete(state_);
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  const RouteInfo& route;
  HttpRequest& request;
  RequestContext& context;
  const AppEnvironment& environment;
  PathValues path_values;

  HttpResponse response;  ///< has the route's status before the handler runs

  std::vector<InputError> errors{};  ///< of all inputs, for one 422
  bool unreadable = false;           ///< the body is no JSON: the only error there is, and nothing more is read

  // What handlers that stream are given; set before Operation::start.
  ChunkWriter* chunks = nullptr;
  EventWriter* events = nullptr;
  WebSocket* socket = nullptr;

  // The memory of the inputs between bind and call.
  void* allocate_state(std::size_t size) {
    state_ = size <= sizeof storage_ ? static_cast<void*>(storage_) : ::operator new(size);
    return state_;
  }
  void own_state(void (*destroy)(void*) noexcept) noexcept { destroy_ = destroy; }
  void* state() const noexcept { return state_; }

 private:
  void (*destroy_)(void*) noexcept = nullptr;
  void* state_ = nullptr;
  alignas(std::max_align_t) std::byte storage_[192];  // larger ones cost an allocation, larger frames of coroutines a slower one
};

}  // namespace jina::app
