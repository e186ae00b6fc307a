#include "jina/arguments.hpp"

#include <boost/json/serialize.hpp>

#include "config/suggest.hpp"

namespace jina::detail {
namespace {

std::string shown(const boost::json::value& value) {
  constexpr std::size_t kMost = 60;
  std::string text = boost::json::serialize(value);
  if (text.size() > kMost) text = text.substr(0, kMost) + "...";
  switch (value.kind()) {
    case boost::json::kind::null: return "null";
    case boost::json::kind::string: return "the text " + text;
    case boost::json::kind::array: return "the list " + text;
    case boost::json::kind::object: return "the object " + text;
    default: return text;
  }
}

}  // namespace

std::string argument_path(const std::string& parent, std::string_view name) {
  return parent.empty() ? std::string(name) : parent + "." + std::string(name);
}

void throw_unknown_argument(const std::string& path, std::string_view name, const std::vector<std::string>& known) {
  std::string names;
  for (const std::string& each : known) names += (names.empty() ? "" : ", ") + each;
  throw ArgumentError("there is no argument '" + argument_path(path, name) + "'" + config::did_you_mean(name, known) +
                      " (there are: " + names + ")");
}

void throw_argument_type(const std::string& path, std::string_view expected, const boost::json::value& value) {
  const std::string place = path.empty() ? std::string("the arguments are") : "argument '" + path + "' is";
  throw ArgumentError(place + " " + shown(value) + ", expected " + std::string(expected));
}

}  // namespace jina::detail
