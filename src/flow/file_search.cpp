#include "flow/file_search.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include "config/load.hpp"
#include "config/yaml_reader.hpp"

namespace jina::flow {

namespace fs = std::filesystem;

namespace {

class Search {
 public:
  Search(const config::OptionBag& options, const fs::path& directory) {
    places_.push_back(directory);
    std::error_code error;
    places_.push_back(fs::current_path(error));
    for (const auto& extra : options.texts("extra-search-paths")) places_.push_back(directory / extra);
  }

  Result<std::string> find(const std::string& name) const {
    std::error_code error;
    std::string tried;
    for (const auto& place : places_) {
      const auto path = fs::weakly_canonical(place / name, error);  // `name` alone when it is absolute
      if (fs::exists(path, error)) return path.string();
      if (!tried.empty()) tried += ", ";
      if (tried.find(place.string()) == std::string::npos) tried += place.string();
      if (fs::path(name).is_absolute()) break;
    }
    return Status{StatusCode::kNotFound,
                  "the file '" + name + "' does not exist" + (fs::path(name).is_absolute() ? "" : "; looked in " + tried)};
  }

 private:
  std::vector<fs::path> places_;
};

Status add_module(UsedFiles& files, const Search& search, const std::string& name) {
  auto path = search.find(name);
  if (!path) return path.error();
  if (path->ends_with(".py")) {
    files.python = true;
    files.python_file = name;
  }
  files.modules.push_back(std::move(*path));
  return {};
}

/// py_modules inside the YAML that `uses` names decide on the language too.
Status look_into(UsedFiles& files, const config::Node& root, const Search& search) {
  for (const char* key : {"py_modules", "modules"}) {
    const auto* node = root.find(key);
    if (node == nullptr) continue;
    std::vector<std::string> names;
    if (node->is_text()) names.push_back(node->text);
    for (const auto& item : node->items) names.push_back(item.to_text());
    UsedFiles inner;
    for (const auto& name : names)
      if (auto s = add_module(inner, search, name); !s.ok()) return s;
    if (inner.python) {
      files.python = true;
      files.python_file = inner.python_file;
    }
  }
  if (const auto* metas = root.find("metas"); metas != nullptr && metas->is_map()) return look_into(files, *metas, search);
  return {};
}

}  // namespace

Result<UsedFiles> find_used_files(const config::OptionBag& options, const fs::path& directory) {
  UsedFiles files;
  const Search search(options, directory);
  for (const auto& name : options.texts("py-modules"))
    if (auto s = add_module(files, search, name); !s.ok()) return s;
  if (!options.is_set("uses")) return files;
  files.uses = options.text("uses");
  switch (config::classify_uses(files.uses)) {
    case config::UsesKind::kYamlFile: {
      auto path = search.find(files.uses);
      if (!path) return path.error();
      files.uses = std::move(*path);
      auto document = config::load_file(files.uses);
      if (!document) return document.error();
      if (auto s = look_into(files, document->root, Search(options, document->directory)); !s.ok()) return s;
      break;
    }
    case config::UsesKind::kText: {
      auto document = config::load_text(files.uses, "uses", directory);
      if (!document) return document.error();
      if (auto s = look_into(files, document->root, search); !s.ok()) return s;
      for (const char* key : {"py_modules", "modules"})
        if (const auto* node = document->root.find(key)) {
          if (node->is_text())
            if (auto s = add_module(files, search, node->text); !s.ok()) return s;
          for (const auto& item : node->items)
            if (auto s = add_module(files, search, item.to_text()); !s.ok()) return s;
          document->root.take(key);
        }
      files.uses = boost::json::serialize(document->root.to_json());
      break;
    }
    case config::UsesKind::kModule:
    case config::UsesKind::kPython: {
      auto path = search.find(files.uses);
      if (!path) return path.error();
      if (path->ends_with(".py")) {
        files.python = true;
        files.python_file = files.uses;
      }
      files.uses = std::move(*path);
      break;
    }
    case config::UsesKind::kImage:
      return Status{StatusCode::kUnimplemented,
                    "uses: '" + files.uses +
                        "' is a container image; start the container yourself and add the Executor with 'external: true'"};
    case config::UsesKind::kHub:
      return Status{StatusCode::kUnimplemented,
                    "uses: '" + files.uses + "' is on Jina's Hub; run it with Jina and add the Executor with 'external: true'"};
    case config::UsesKind::kUnknown:
      return Status{StatusCode::kInvalidArgument,
                    "uses: '" + files.uses + "' is neither a class name nor a .cpp, .so or .yml file"};
    case config::UsesKind::kNone:
    case config::UsesKind::kClass: break;
  }
  return files;
}

}  // namespace jina::flow
