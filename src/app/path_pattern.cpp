#include "app/path_pattern.hpp"

#include <algorithm>
#include <stdexcept>

namespace jina::app {
namespace {

[[noreturn]] void refuse(std::string_view path, const std::string& why) {
  throw std::invalid_argument("the path \"" + std::string(path) + "\" " + why);
}

bool is_name(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !text.empty() && letter(text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

PathSegment parse_segment(std::string_view path, std::string_view text) {
  const auto open = text.find_first_of("{}");
  if (open == std::string_view::npos) return {PathSegment::Kind::kLiteral, std::string(text)};
  const auto close = text.find('}');
  if (text[open] == '}' || close == std::string_view::npos || text.find('{', open + 1) < close)
    refuse(path, "has braces that do not fit in \"" + std::string(text) + "\"");
  if (open != 0 || close + 1 != text.size())
    refuse(path, "has a parameter that is only a part of \"" + std::string(text) + "\"; a parameter is all between two slashes");
  std::string_view name = text.substr(1, text.size() - 2);
  PathSegment segment{PathSegment::Kind::kParameter};
  if (const auto colon = name.find(':'); colon != std::string_view::npos) {
    if (name.substr(colon + 1) != "path")
      refuse(path, "has \"" + std::string(text) +
                       "\"; of Starlette's converters only {name:path} is known: the type comes from the member of Path<T>");
    segment.kind = PathSegment::Kind::kRest;
    name = name.substr(0, colon);
  }
  if (!is_name(name)) refuse(path, "has the parameter \"" + std::string(name) + "\"; it must be the name of a member");
  segment.text = name;
  return segment;
}

}  // namespace

PathPattern PathPattern::parse(std::string_view path) {
  if (path.empty() || path.front() != '/') refuse(path, "must start with \"/\"");
  if (path.find_first_of("?#") != std::string_view::npos) refuse(path, "has a \"?\" or \"#\"; queries are read with Query<T>");
  PathPattern pattern;
  std::string_view rest = path.substr(1);
  for (;;) {
    const auto slash = rest.find('/');
    PathSegment segment = parse_segment(path, rest.substr(0, slash));
    if (segment.kind == PathSegment::Kind::kRest && slash != std::string_view::npos)
      refuse(path, "goes on behind {" + segment.text + ":path}, which takes all that is left");
    if (segment.kind != PathSegment::Kind::kLiteral)
      for (const PathSegment& other : pattern.segments)
        if (other.kind != PathSegment::Kind::kLiteral && other.text == segment.text)
          refuse(path, "has the parameter {" + segment.text + "} twice");
    pattern.segments.push_back(std::move(segment));
    if (slash == std::string_view::npos) return pattern;
    rest.remove_prefix(slash + 1);
  }
}

std::vector<std::string> PathPattern::parameters() const {
  std::vector<std::string> names;
  for (const PathSegment& segment : segments)
    if (segment.kind != PathSegment::Kind::kLiteral) names.push_back(segment.text);
  return names;
}

std::string PathPattern::openapi() const {
  std::string path;
  for (const PathSegment& segment : segments)
    path += segment.kind == PathSegment::Kind::kLiteral ? "/" + segment.text : "/{" + segment.text + "}";
  return path;
}

}  // namespace jina::app
