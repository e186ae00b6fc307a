#include "cli/module_classes.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <iostream>

#include "flow/process.hpp"
#include "jina/described_types.hpp"
#include "jina/registry.hpp"
#include "module/module_compiler.hpp"
#include "module/prebuilt.hpp"

namespace jina::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// Before the line that counts: a module may write lines of its own.
constexpr std::string_view kMark = "jina classes: ";

bool is_compiled(const fs::path& module, const ModuleOptions& options) {
  return module.extension() == ".so" || check_prebuilt(prebuilt_path(module), module, options) == Prebuilt::kFits ||
         find_compiled_module(module, options).has_value();
}

/// In the child. {"Upper": ["suffix"], "Other": null}; null: its arguments are not known.
int tell_classes(const fs::path& module, ModuleOptions options) {
  options.on_progress = {};
  options.on_fatal = [](const std::string&) {};
  Registry registry;
  if (!load_module(module, registry, options).ok()) return 1;
  json::object classes;
  for (const char* kind : {"Executor", "Gateway"})
    for (const auto& name : registry.names(kind)) {
      auto& known = classes[name] = nullptr;
      const auto* type = registry.arguments_of(kind, name);
      if (type == nullptr || type->kind != described::Kind::kStruct) continue;
      json::array arguments;
      for (const auto& member : type->structure->members) arguments.emplace_back(member.name);
      known = std::move(arguments);
    }
  std::cout << kMark << json::serialize(classes) << std::endl;
  return 0;
}

}  // namespace

std::optional<flow::SourceClasses> compiled_classes(const fs::path& module, const ModuleOptions& options) {
  if (!is_compiled(module, options)) return std::nullopt;
  flow::SourceClasses found;
  boost::asio::io_context io;
  flow::ProcessOptions run{.program = module.string()};
  run.function = [&] { return tell_classes(module, options); };
  const auto take = [&](flow::Process::Stream, std::string_view line) {
    if (!line.starts_with(kMark)) return;
    boost::system::error_code bad;
    const auto said = json::parse(line.substr(kMark.size()), bad);
    if (bad || !said.is_object()) return;
    found.complete = true;
    for (const auto& [name, arguments] : said.get_object()) {
      found.names.emplace_back(name);
      if (!arguments.is_array()) continue;
      auto& known = found.arguments[std::string(name)];
      for (const auto& argument : arguments.get_array()) known.emplace_back(argument.as_string());
    }
  };
  auto process = flow::Process::start(io, std::move(run), take, [] {});
  if (process) io.run_for(std::chrono::seconds(10));
  return found;
}

}  // namespace jina::cli
