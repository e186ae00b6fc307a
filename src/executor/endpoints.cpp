#include "jina/endpoints.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <cmath>
#include <stdexcept>

#include "config/suggest.hpp"

namespace jina {
namespace {

namespace json = boost::json;

std::string name_of(std::string_view path) { return std::string(path.starts_with('/') ? path.substr(1) : path); }

Status wrong(std::string text) { return {StatusCode::kInvalidArgument, std::move(text)}; }

Status unknown(std::string_view what, std::string_view name, const std::vector<std::string>& known) {
  std::string all;
  for (const std::string& each : known) all += (all.empty() ? "" : ", ") + each;
  const std::string suggestion = config::did_you_mean(name, known);
  if (!suggestion.empty()) return wrong(fmt::format("the Executor has no {} '{}'{} It has {}", what, name, suggestion, all));
  return wrong(fmt::format("the Executor has no {} '{}'; it has {}", what, name, all.empty() ? "none" : all));
}

Result<DynamicBatching> batching_of(std::string_view key, const json::value& value) {
  const auto bad = [&](std::string_view field, const json::value& given, std::string_view expected) {
    return wrong(fmt::format("dynamic_batching of '{}': {} is {}, expected {}", key, field, json::serialize(given), expected));
  };
  if (!value.is_object())
    return wrong(fmt::format("dynamic_batching of '{}' is {}, expected {{preferred_batch_size: 4, timeout: 100}}", key,
                             json::serialize(value)));
  DynamicBatching batching;
  for (const auto& [field, given] : value.get_object()) {
    if (given.is_null()) continue;
    const double number = given.is_number() ? given.to_number<double>() : std::nan("");
    if (field == "preferred_batch_size") {
      if (!(number >= 1 && number <= 1e9) || number != std::floor(number)) return bad(field, given, "a whole number, 1 or more");
      batching.preferred_batch_size = static_cast<int>(number);
    } else if (field == "timeout") {
      if (!(number >= 0 && number <= 1e12)) return bad(field, given, "milliseconds, 0 or more");
      batching.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(number)));
    } else {
      const std::vector<std::string> known = {"preferred_batch_size", "timeout"};
      return wrong(fmt::format("dynamic_batching of '{}': unknown key '{}'{}", key, std::string_view(field),
                               config::did_you_mean(field, known)));
    }
  }
  return batching;
}

}  // namespace

Endpoints& Endpoints::insert(Paths paths, Endpoint endpoint, EndpointOptions options) {
  if (paths.size() == 0) throw std::invalid_argument("an endpoint needs a path, such as \"/search\"");
  const bool named = !options.name.empty();
  if (!named) options.name = name_of(*paths.begin());
  endpoint.options = std::move(options);
  for (const std::string_view path : paths) {
    if (path.empty()) throw std::invalid_argument("an endpoint needs a path, such as \"/search\"");
    if (!table_.try_emplace(std::string(path), endpoint).second)
      throw std::invalid_argument("endpoint '" + std::string(path) + "' is bound twice");
    paths_.emplace_back(path);
  }
  if (!functions_.try_emplace(endpoint.options.name, endpoint).second && named)
    throw std::invalid_argument("two functions are named '" + endpoint.options.name + "'");
  return *this;
}

Endpoints& Endpoints::insert_function(std::string_view name, Endpoint endpoint, EndpointOptions options) {
  if (name.empty()) throw std::invalid_argument("a function needs a name, such as \"encode\"");
  options.name = std::string(name);
  endpoint.options = std::move(options);
  if (!functions_.try_emplace(std::string(name), std::move(endpoint)).second)
    throw std::invalid_argument("two functions are named '" + std::string(name) + "'");
  return *this;
}

const Endpoint* Endpoints::find_exact(std::string_view path) const noexcept {
  const auto found = table_.find(path);
  return found == table_.end() ? nullptr : &found->second;
}

const Endpoint* Endpoints::find(std::string_view path) const noexcept {
  const Endpoint* exact = find_exact(path);
  return exact != nullptr ? exact : find_exact("/default");
}

std::vector<std::string> Endpoints::function_names() const {
  std::vector<std::string> names;
  for (const auto& [name, endpoint] : functions_) names.push_back(name);
  return names;
}

Status Endpoints::bind(const json::object& requests) {
  // Where each function was: the last of its paths, as in Jina.
  std::map<std::string, std::string> before;
  for (const std::string& path : paths_) before[table_.at(path).options.name] = path;
  for (const auto& [path, function] : requests) {
    if (path.empty()) return wrong("requests: an endpoint needs a path, such as /search");
    if (!function.is_string())
      return wrong(
          fmt::format("requests: '{}' is {}, expected the name of a function", std::string_view(path), json::serialize(function)));
    const std::string name(function.get_string());
    const auto found = functions_.find(name);
    if (found == functions_.end()) {
      Status status = unknown("function", name, function_names());
      status.message = fmt::format("requests: '{}': {}", std::string_view(path), status.message);
      return status;
    }
    if (const auto old = before.find(name); old != before.end()) {
      table_.erase(old->second);
      std::erase(paths_, old->second);
    }
    if (!table_.contains(path)) paths_.emplace_back(path);
    table_.insert_or_assign(std::string(path), found->second);
  }
  return {};
}

Status Endpoints::batch(const json::object& dynamic_batching) {
  for (const bool paths_come_last : {false, true}) {  // so that they win over the functions' names
    for (const auto& [key, value] : dynamic_batching) {
      if (key.starts_with('/') != paths_come_last) continue;
      Result<DynamicBatching> batching = batching_of(key, value);
      if (!batching) return std::move(batching).error();
      bool found = false;
      for (auto& [path, endpoint] : table_) {
        if ((paths_come_last ? std::string_view(path) : std::string_view(endpoint.options.name)) != std::string_view(key)) continue;
        found = true;
        if (endpoint.generator) return wrong(fmt::format("dynamic_batching: '{}' streams its answer, which has no batches", path));
        endpoint.options.batching = *batching;
      }
      if (found) continue;
      Status status = paths_come_last ? unknown("endpoint", key, paths_) : unknown("function", key, function_names());
      status.message = "dynamic_batching: " + status.message;
      return status;
    }
  }
  return {};
}

void Endpoints::make_concurrent() {
  for (auto& [path, endpoint] : table_) endpoint.options.concurrent = true;
}

}  // namespace jina
