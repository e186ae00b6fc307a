#include "described/place.hpp"

namespace jina::described {

void Place::append_to(boost::json::array& location) const {
  if (parent == nullptr) return;
  parent->append_to(location);
  if (index >= 0) {
    location.emplace_back(index);
  } else {
    location.emplace_back(key);
  }
}

std::string Place::text() const {
  boost::json::array location;
  append_to(location);
  return place_text(location);
}

std::string place_text(const boost::json::array& location) {
  std::string text;
  for (const boost::json::value& item : location) {
    if (const auto* index = item.if_int64()) {
      text += '[' + std::to_string(*index) + ']';
    } else {
      if (!text.empty()) text += '.';
      text += std::string_view(item.get_string());
    }
  }
  return text;
}

}  // namespace jina::described
