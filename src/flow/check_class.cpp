#include "flow/check_class.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "config/gateway_yaml.hpp"
#include "config/option_sets.hpp"
#include "config/search_path.hpp"
#include "flow/check_sources.hpp"

namespace jina::flow {

using config::Node;

namespace {

// Classes that need no module.
bool is_built_in(const std::string& name) { return name == "BaseExecutor" || config::is_builtin_gateway(name); }

std::string file_name(const std::string& path) { return std::filesystem::path(path).filename().string(); }

void check_arguments(const NamedClass& named, const std::string& name, const std::vector<std::string>& known,
                     config::Diagnostics& diagnostics) {
  for (const auto& [argument, position] : named.with) {
    if (std::find(known.begin(), known.end(), argument) != known.end()) continue;
    auto hint = config::suggestion(argument, known);
    if (hint.empty()) hint = known.empty() ? "it takes none" : fmt::format("there are: {}", fmt::join(known, ", "));
    // Python hands on what it does not know, with a warning; C++ refuses it.
    if (named.python)
      diagnostics.warn(named.source, position, fmt::format("argument '{}' is not defined in {}.__init__", argument, name), hint);
    else
      diagnostics.error(named.source, position, fmt::format("{}: there is no argument '{}'", name, argument), hint);
  }
}

/// The key of a YAML that names modules: a text or a list of them.
void take_files(const Node* node, const config::ConfigDocument& document, const config::SearchPath& search, NamedClass& named,
                config::Diagnostics& diagnostics) {
  if (node == nullptr || node->is_null()) return;
  const auto take = [&](const Node& item) {
    if (!item.is_text()) {
      diagnostics.error(document.source, item.position,
                        "py_modules: an item is " + std::string(describe(item.kind)) + ", expected a file");
      return;
    }
    auto path = search.find_module(item.text);
    if (!path) {
      named.modules_missing = true;
      diagnostics.error(document.source, item.position, path.error().message);
      return;
    }
    named.python = named.python || path->extension() == ".py";
    named.modules.push_back(path->string());
  };
  if (node->is_map())
    diagnostics.error(document.source, node->position, "py_modules is a file or a list of files, but this is a map");
  else if (node->is_list())
    for (const auto& item : node->items) take(item);
  else
    take(*node);
}

std::vector<std::string> known_keys(const std::string& what) {
  std::vector<std::string> keys{"jtype", "version", "with", "metas", "py_modules", "modules", "compile_flags", "packages"};
  if (what == "gateway")
    for (auto& name : config::gateway_options().all_names(true)) keys.push_back(std::move(name));
  else
    keys.insert(keys.end(), {"requests", "dynamic_batching", "name", "description", "workspace", "jcloud"});
  return keys;
}

/// Whether what is known of a module answers what is asked of it.
bool is_enough(const SourceClasses& classes, const NamedClass& named, const std::string& name) {
  const bool has =
      name.empty() ? classes.names.size() == 1 : std::find(classes.names.begin(), classes.names.end(), name) != classes.names.end();
  if (!has) return classes.complete;  // it is another module's class, or nobody's
  return named.with.empty() || classes.arguments.contains(name.empty() ? classes.names.front() : name);
}

void note_once(const NamedClass& named, const std::string& module, const std::string& name, const CompiledModules& compiled) {
  const std::string message =
      file_name(module) + " is not compiled yet, and its text alone does not say which classes and arguments it has";
  const auto told = compiled.notes->sorted();
  if (std::any_of(told.begin(), told.end(), [&](const auto& each) { return each.message.starts_with(message); })) return;
  const std::string what = name.empty() ? std::string("its class") : "'" + name + "'";
  compiled.notes->warn(named.source, named.class_position, message + ": " + what + " is not checked",
                       compiled.way + " compiles it, and so does the first start");
}

/// By its text, and where that is not enough, by what was compiled of it.
std::optional<SourceClasses> look_into(const std::string& module, const NamedClass& named, const std::string& name,
                                       const CompiledModules& compiled) {
  auto classes = scan_source(module);
  if (module.ends_with(".py") || (classes && is_enough(*classes, named, name)) || !compiled.look) return classes;
  if (auto better = compiled.look(module)) return better;
  if (compiled.notes != nullptr && !module.ends_with(".so")) note_once(named, module, name, compiled);
  return classes;
}

}  // namespace

void check_class(const NamedClass& named, config::Diagnostics& diagnostics, const CompiledModules& compiled) {
  const auto dot = named.name.rfind('.');
  const std::string name = dot == std::string::npos ? named.name : named.name.substr(dot + 1);
  std::vector<std::string> names;
  std::vector<std::string> files;
  bool complete = true;
  for (const auto& module : named.modules) {
    const auto classes = look_into(module, named, name, compiled);
    complete = complete && classes && classes->complete;
    files.push_back(file_name(module));
    if (!classes) continue;
    names.insert(names.end(), classes->names.begin(), classes->names.end());
    const auto known =
        classes->arguments.find(named.name.empty() && classes->names.size() == 1 ? classes->names.front() : named.name);
    if (known != classes->arguments.end()) check_arguments(named, known->first, known->second, diagnostics);
  }
  if (name.empty() || named.modules_missing || is_built_in(name) || std::find(names.begin(), names.end(), name) != names.end())
    return;
  if (named.modules.empty()) {
    if (!named.python)
      diagnostics.error(named.source, named.class_position, "no module has the class '" + name + "'",
                        "name the .cpp, .so or .py file that has it in 'py_modules'");
  } else if (complete) {
    auto hint = config::suggestion(name, names);
    if (hint.empty() && !names.empty()) hint = fmt::format("there are: {}", fmt::join(names, ", "));
    diagnostics.error(named.source, named.class_position, fmt::format("the class '{}' is not in {}", name, fmt::join(files, ", ")),
                      hint);
  }
}

NamedClass read_class(const config::ConfigDocument& document, const std::string& what, const std::vector<std::string>& search_paths,
                      config::Diagnostics& diagnostics) {
  NamedClass named{.source = document.source, .class_position = document.root.position};
  const Node& root = document.root;
  if (!root.is_map()) {
    diagnostics.error(document.source, root.position,
                      "a configuration is a map that starts with 'jtype: CLASS', but this is " + std::string(describe(root.kind)));
    return named;
  }
  if (const Node* type = root.find("jtype"); type != nullptr && type->is_text()) {
    named.name = type->text;
    named.class_position = type->position;
  } else {
    diagnostics.error(document.source, root.position, "the class is missing: start with 'jtype: CLASS' or '!CLASS'");
  }
  const config::SearchPath search(document.directory, search_paths);
  const Node* metas = root.find("metas");
  for (const char* key : {"py_modules", "modules"}) {
    take_files(root.find(key), document, search, named, diagnostics);
    if (metas != nullptr) take_files(metas->find(key), document, search, named, diagnostics);
  }
  for (const char* key : {"with", "metas", "requests", "dynamic_batching"})
    if (const Node* map = root.find(key); map != nullptr && !map->is_map() && !map->is_null())
      diagnostics.error(document.source, map->position,
                        std::string(key) + " is a map, but this is " + std::string(describe(map->kind)));
  if (const Node* with = root.find("with"))
    for (const auto& entry : with->entries) named.with.emplace_back(entry.key, entry.position);
  const auto keys = known_keys(what);
  for (const auto& entry : root.entries)
    if (std::find(keys.begin(), keys.end(), entry.key) == keys.end())
      diagnostics.warn(document.source, entry.position, "unknown key '" + entry.key + "' is ignored",
                       config::suggestion(entry.key, keys));
  return named;
}

}  // namespace jina::flow
