// Validation: gathers the complaints about a JSON body in the shape that FastAPI answers them ({"detail":[{loc,msg,type}]}).
//
// Thread: plain object. Lifetime: owns its text. Cancellation: none.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace jina::json {

using LocationPart = std::variant<std::string, std::size_t>;

class Validation {
 public:
  /// The place that add() complains about is "body" and what was entered since.
  void enter(LocationPart part) { where_.push_back(std::move(part)); }
  void leave() { where_.pop_back(); }

  void add(std::string_view message, std::string_view type);
  /// For values that no answer could be made of: the whole request is a 500, as in Jina.
  void give_up(std::string why) {
    if (fatal_.empty()) fatal_ = std::move(why);
  }

  bool ok() const noexcept { return details_.empty() && fatal_.empty(); }
  bool fatal() const noexcept { return !fatal_.empty(); }
  const std::string& fatal_reason() const noexcept { return fatal_; }
  /// {"detail":[...]}
  std::string body() const { return "{\"detail\":[" + details_ + "]}"; }
  /// "body.data.0.text: str type expected", of the first complaint.
  const std::string& summary() const noexcept { return summary_; }

 private:
  std::vector<LocationPart> where_;
  std::string details_;
  std::string summary_;
  std::string fatal_;
};

/// Enters a part for the length of a scope.
class Enter {
 public:
  Enter(Validation& validation, LocationPart part) : validation_(validation) { validation_.enter(std::move(part)); }
  ~Enter() { validation_.leave(); }
  Enter(const Enter&) = delete;
  Enter& operator=(const Enter&) = delete;

 private:
  Validation& validation_;
};

}  // namespace jina::json
