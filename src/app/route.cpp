// Route: what is said of a route after it was added.
#include <algorithm>
#include <stdexcept>

#include "app/route_info.hpp"
#include "jina/app.hpp"

namespace jina {
namespace {

[[noreturn]] void refuse(const app::RouteInfo& route, const std::string& why) {
  throw std::invalid_argument("the route \"" + route.label() + "\": " + why);
}

void check_status(const app::RouteInfo& route, int status) {
  if (status < 200 || status > 599) refuse(route, "the status " + std::to_string(status) + " is not from 200 to 599");
}

}  // namespace

Route Route::says(std::string summary) const {
  info_->summary = std::move(summary);
  return *this;
}
Route Route::description(std::string markdown) const {
  info_->description = std::move(markdown);
  return *this;
}
Route Route::tag(std::string tag) const {
  info_->tags.push_back(std::move(tag));
  return *this;
}
Route Route::status(int status) const {
  check_status(*info_, status);
  info_->status = status;
  return *this;
}
Route Route::name(std::string name) const {
  info_->name = std::move(name);
  return *this;
}
Route Route::operation_id(std::string id) const {
  info_->operation_id = std::move(id);
  return *this;
}
Route Route::deprecated(bool is) const {
  info_->deprecated = is;
  return *this;
}
Route Route::hidden(bool is) const {
  info_->hidden = is;
  return *this;
}
Route Route::add_response(int status, std::string description, const described::TypeInfo* type) const {
  check_status(*info_, status);
  if (type != nullptr) described::check(*type);
  info_->responses.push_back({status, std::move(description), type});
  return *this;
}
Route Route::blocking(bool is) const {
  if (is && info_->operation.plain == nullptr)
    refuse(*info_, ".blocking() is for plain handlers, and this one is a coroutine; make it return its result instead of a Task");
  info_->blocking = is;
  return *this;
}
Route Route::subprotocols(std::vector<std::string> names) const {
  if (!info_->methods.empty()) refuse(*info_, "only WebSockets have subprotocols");
  info_->subprotocols = std::move(names);
  return *this;
}

namespace app {

std::string RouteInfo::label() const {
  if (methods.empty()) return "WebSocket " + path;
  std::string text;
  for (const std::string& method : methods) text += (text.empty() ? "" : ", ") + method;
  return text + " " + path;
}

}  // namespace app
}  // namespace jina
