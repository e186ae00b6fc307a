#include "document/json/validation.hpp"

#include "document/json/json_text.hpp"

namespace jina::json {

void Validation::add(std::string_view message, std::string_view type) {
  std::string place = "body";
  if (!details_.empty()) details_ += ',';
  details_ += "{\"loc\":[\"body\"";
  for (const LocationPart& part : where_) {
    details_ += ',';
    if (const auto* name = std::get_if<std::string>(&part)) {
      append_string(details_, *name);
      place += "." + *name;
    } else {
      const std::string index = std::to_string(std::get<std::size_t>(part));
      details_ += index;
      place += "." + index;
    }
  }
  details_ += "],\"msg\":";
  append_string(details_, message);
  details_ += ",\"type\":";
  append_string(details_, type);
  details_ += '}';
  if (summary_.empty()) summary_ = place + ": " + std::string(message);
}

}  // namespace jina::json
