// RouteInfo: everything about one route of an App: where it is, what serves it, what /openapi.json says of it.
//
// Thread: filled at setup, constant afterwards (but for the mark of the watchdog). Lifetime: owned by the App that it was
// added to. Cancellation: none.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "app/path_pattern.hpp"
#include "base/io_watchdog.hpp"
#include "jina/app_operation.hpp"

namespace jina::app {

struct AppState;

/// An input with what binding needs of its type.
struct RouteInput {
  InputInfo info;
  std::vector<std::string> names{};  ///< members, as clients write them: "x-api-key" for a header; none for Json
};

struct DocumentedResponse {
  int status = 200;
  std::string description{};
  const described::TypeInfo* type = nullptr;  ///< null: no body worth describing
};

struct RouteInfo {
  RouteInfo(AppState& owner, std::string full_path) : scope(owner), path(std::move(full_path)), pattern(PathPattern::parse(path)) {}
  RouteInfo(const RouteInfo&) = delete;
  RouteInfo& operator=(const RouteInfo&) = delete;

  AppState& scope;   ///< whose middleware and error handlers are around it
  std::string path;  ///< with the prefixes of mounted Apps
  PathPattern pattern;
  std::vector<std::string> parameters{};  ///< names of pattern, in order
  std::vector<std::string> methods{};     ///< upper case; empty for a WebSocket
  Operation operation{};
  std::vector<RouteInput> inputs{};
  bool blocking = false;
  std::vector<std::string> subprotocols{};

  std::optional<int> status{};
  std::string summary{};
  std::string description{};
  std::string name{};
  std::string operation_id{};
  std::vector<std::string> tags{};
  std::vector<DocumentedResponse> responses{};
  bool deprecated = false;
  bool hidden = false;

  mutable IoActivity activity{};  ///< while a plain handler runs on the I/O thread

  bool streams() const noexcept { return operation.output.body == BodyKind::kChunks || operation.output.body == BodyKind::kEvents; }
  int success_status() const noexcept { return status.value_or(operation.output.body == BodyKind::kNothing ? 204 : 200); }
  /// "GET /items/{id}", "GET, HEAD /static", "WebSocket /chat"; for messages.
  std::string label() const;
};

}  // namespace jina::app
