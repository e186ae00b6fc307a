// AppEnvironment: what an App is told about the process it runs in.
//
// Thread: constant once the AppHandler has it. Lifetime: the io_context outlives it. Cancellation: none.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <memory>
#include <string>
#include <vector>

#include "jina/app.hpp"

namespace jina::app {

class StreamGroup;
class WorkerPool;

struct AppEnvironment {
  boost::asio::io_context& io;
  std::string class_name{};  ///< of the gateway, for logs: "TextGateway"
  std::string title = "My Jina Service";
  std::string description{};
  std::string version{};
  /// Asked after those of the App: what exceptions of other layers mean (made by app::detail::make_error_handler<E>).
  std::vector<ErrorHandler> error_handlers{};
  // Of the routes that the fallback serves, for /openapi.json.
  boost::json::object extra_paths{};
  boost::json::object extra_schemas{};
  boost::json::array extra_tags{};
  std::shared_ptr<WorkerPool> workers{};  ///< for blocking routes; the AppHandler makes one when a route needs it and there is none
  std::shared_ptr<StreamGroup> streams{};  ///< of handlers that make streamed bodies; the AppHandler makes it
};

}  // namespace jina::app
