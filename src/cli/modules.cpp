#include "cli/modules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cstdlib>

#include "config/diagnostics.hpp"
#include "jina/described_types.hpp"

namespace jina::cli {

ModuleOptions module_options(const Console& console, const std::string& command, const config::UsesConfig& uses,
                             const config::OptionBag& options) {
  ModuleOptions out;
  out.flags = uses.compile_flags;
  for (auto& flag : options.texts("compile-flags")) out.flags.push_back(std::move(flag));
  out.packages = uses.packages;
  for (auto& package : options.texts("packages"))
    if (std::find(out.packages.begin(), out.packages.end(), package) == out.packages.end())
      out.packages.push_back(std::move(package));
  out.include = console.include;
  out.on_fatal = [console, command](const std::string& text) { console.fail(command, text); };
  return out;
}

Result<std::vector<std::string>> load_modules(const std::vector<std::filesystem::path>& modules, Registry& registry,
                                              const std::string& kind, ModuleOptions options) {
  const auto before = registry.names(kind);
  if (!options.on_progress) options.on_progress = [](const std::string& text) { spdlog::info("{}", text); };
  for (const auto& path : modules)
    if (auto status = load_module(path, registry, options); !status.ok()) return status;
  std::vector<std::string> added;
  for (const auto& name : registry.names(kind))
    if (std::find(before.begin(), before.end(), name) == before.end()) added.push_back(name);
  return added;
}

Result<std::string> only_class(const std::vector<std::string>& classes, const std::string& what) {
  if (classes.size() == 1) return classes.front();
  if (classes.empty())
    return Status{StatusCode::kNotFound,
                  "the modules have no " + what + " class; register one with JINA_MODULE(registry) { registry.add<T>(\"T\"); }"};
  return Status{StatusCode::kInvalidArgument,
                fmt::format("the modules have several {} classes ({}); choose one: --uses {} --py-modules FILE", what,
                            fmt::join(classes, ", "), classes.front())};
}

Status check_argument_names(const config::UsesConfig& uses, const Registry& registry, const std::string& kind) {
  const auto* type = registry.arguments_of(kind, uses.class_name);
  if (type == nullptr || type->kind != described::Kind::kStruct) return {};
  std::vector<std::string> known;
  for (const auto& member : type->structure->members) known.emplace_back(member.name);
  config::Diagnostics found;
  for (const auto& [name, position] : uses.with_places)
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      auto hint = config::suggestion(name, known);
      if (hint.empty()) hint = fmt::format("there are: {}", fmt::join(known, ", "));
      found.error(uses.source, position, fmt::format("{}: there is no argument '{}'", uses.class_name, name), std::move(hint));
    }
  return found.status();
}

void set_environment(const boost::json::object& variables) {
  for (const auto& [name, value] : variables) {
    const std::string text = value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value);
    ::setenv(std::string(name).c_str(), text.c_str(), 1);
  }
}

}  // namespace jina::cli
