#include "module/module_loader.hpp"

#include <dlfcn.h>

#include "base/demangle.hpp"
#include "jina/module.hpp"
#include "module/load_guard.hpp"
#include "module/module_compiler.hpp"
#include "module/prebuilt.hpp"
#include "module/shared_object.hpp"

namespace jina {
namespace {

namespace fs = std::filesystem;

Status refuse(const fs::path& module, const std::string& why) {
  return {StatusCode::kFailedPrecondition, "module " + module.string() + " " + why};
}

// The loader's words "file: undefined symbol: _Zxyz" and "libx.so.1: cannot open shared object file: ..." as sentences.
std::string loader_error() {
  const char* text = dlerror();
  const std::string message = text != nullptr ? text : "unknown reason";
  constexpr std::string_view kUndefined = "undefined symbol: ";
  if (const std::size_t at = message.find(kUndefined); at != std::string::npos)
    return "can not be loaded: '" + demangled(message.substr(at + kUndefined.size()).c_str()) +
           "' is defined nowhere. Define it in the module, name the library that has it, or, when it is one of jina's, build the "
           "module again with the headers of this version";
  if (const std::size_t at = message.find(": cannot open shared object file"); at != std::string::npos)
    return "needs the library " + message.substr(0, at) +
           ", which is not where the system's loader looks: install it, or name its folder in LD_LIBRARY_PATH or in the module "
           "(-Wl,-rpath,FOLDER)";
  return "can not be loaded: " + message;
}

std::string stamp(const char* version, int abi, int boost) {
  return "jina " + std::string(version) + " (module ABI " + std::to_string(abi) + ", Boost " + std::to_string(boost / 100000) +
         "." + std::to_string(boost / 100 % 1000) + ")";
}

// What is loaded: the module that people know, and the file that the system's loader gets.
struct Loaded {
  const fs::path& module;
  const fs::path& file;
  bool compiled;  ///< `file` was made of `module` here
};

Status check_version(const Loaded& loaded, const detail::ModuleInfo& info) {
  // Of a module with another ABI number only the first two members mean what they mean here.
  const bool same_abi = info.abi == JINA_ABI;
  if (same_abi && info.version == std::string_view(JINA_VERSION) && info.boost == BOOST_VERSION) return {};
  const std::string its = stamp(info.version, info.abi, same_abi ? info.boost : BOOST_VERSION);
  const std::string ours = stamp(JINA_VERSION, JINA_ABI, BOOST_VERSION);
  if (!loaded.compiled) return refuse(loaded.module, "was built against " + its + ", this is " + ours + ": build it again");
  std::error_code error;
  fs::remove(loaded.file, error);  // so that right headers are noticed
  return refuse(loaded.module,
                "was compiled with the headers of " + its + ", this program is " + ours + ": install headers that fit");
}

// noexcept: an exception of a static initialiser must not pass through the loader; LoadGuard reports it. The header says that
// dlopen throws nothing, so called by its name it would make the compiler leave the check out.
void* open_shared_object(const fs::path& file) noexcept {
  void* (*volatile open)(const char*, int) = &dlopen;
  // Never closed: objects of its classes, and types that Asio keeps, may outlive every owner that could do it.
  return open(file.c_str(), RTLD_NOW | RTLD_LOCAL);
}

Status load_shared_object(const Loaded& loaded, Registry& registry, const ModuleOptions& options) {
  const fs::path& module = loaded.module;
  if (const std::string wrong = check_shared_object(loaded.file); !wrong.empty()) return refuse(module, wrong);
  const std::string name = module.string();
  const LoadGuard guard(name, options.on_fatal);
  std::error_code error;
  void* handle = open_shared_object(fs::absolute(loaded.file, error));
  if (handle == nullptr) return refuse(module, loader_error());
  using Entry = const detail::ModuleInfo* (*)();
  const auto entry = reinterpret_cast<Entry>(dlsym(handle, "jina_module"));
  if (entry == nullptr)
    return refuse(
        module,
        "registers nothing: it needs JINA_MODULE(registry) { registry.add<YourClass>(\"YourClass\"); } once, outside of every "
        "namespace");
  const detail::ModuleInfo& info = *entry();
  if (Status status = check_version(loaded, info); !status.ok()) return status;
  registry.set_module(name);
  Status status;
  try {
    info.add_classes(registry);
  } catch (...) {
    status = refuse(module, "failed to register its classes: " + describe_current_exception());
  }
  registry.set_module({});
  return status;
}

}  // namespace

Status load_module(const fs::path& path, Registry& registry, const ModuleOptions& options) {
  std::error_code error;
  const std::string extension = path.extension().string();
  if (extension == ".py")
    return {StatusCode::kInvalidArgument, "module " + path.string() +
                                              " is Python; this runtime loads .cpp and .so. Write the class in C++, or run it with "
                                              "Python's Jina"};
  const bool source = extension == ".cpp" || extension == ".cc" || extension == ".cxx";
  if (!source && extension != ".so")
    return {StatusCode::kInvalidArgument,
            "module " + path.string() + ": its name should end in .cpp (compiled when it is loaded) or .so"};
  if (!fs::is_regular_file(path, error)) {
    const fs::path place = fs::absolute(path, error).lexically_normal();
    return {StatusCode::kNotFound,
            "there is no module " + path.string() + (path.is_absolute() ? "" : " (looked for " + place.string() + ")")};
  }
  if (!source) return load_shared_object({path, path, false}, registry, options);
  const fs::path built = prebuilt_path(path);
  const Prebuilt prebuilt = check_prebuilt(built, path, options);
  if (prebuilt == Prebuilt::kFits) return load_shared_object({path, built, false}, registry, options);
  if (prebuilt == Prebuilt::kStale && options.on_progress)
    options.on_progress(built.filename().string() + " was not built from this " + path.filename().string() +
                        " and is left alone; 'jina build' makes it anew");
  Result<fs::path> compiled = compile_module(path, options);
  if (!compiled) return std::move(compiled).error();
  return load_shared_object({path, *compiled, true}, registry, options);
}

}  // namespace jina
