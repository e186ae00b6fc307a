#include "jina/registry.hpp"

#include <algorithm>
#include <exception>
#include <stdexcept>

#include "config/suggest.hpp"

namespace jina {
namespace {

std::string join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string origin(const std::string& module) { return module.empty() ? std::string("the program itself") : module; }

// " (of ranker.cpp)", for errors about a class of a module.
std::string of_module(const std::string& module) { return module.empty() ? std::string() : " (of " + module + ")"; }

}  // namespace

void Registry::insert(Entry entry) {
  entry.module = module_;
  if (entry.arguments != nullptr) described::check(*entry.arguments);
  if (const Entry* other = find(entry.kind, entry.name); other != nullptr)
    throw std::invalid_argument("two classes are registered as '" + entry.name + "': " +
                                (other->module == entry.module
                                     ? "both by " + origin(entry.module)
                                     : "one by " + origin(other->module) + ", one by " + origin(entry.module)) +
                                "; rename one of them");
  entries_.push_back(std::move(entry));
}

const Registry::Entry* Registry::find(std::string_view kind, std::string_view name) const noexcept {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.kind == kind && entry.name == name; });
  return found == entries_.end() ? nullptr : &*found;
}

std::vector<std::string> Registry::names(std::string_view kind, std::string_view module) const {
  std::vector<std::string> names;
  for (const Entry& entry : entries_)
    if (entry.kind == kind && (module.empty() || entry.module == module)) names.push_back(entry.name);
  return names;
}

Result<void*> Registry::make_any(std::string_view kind, std::string_view name, const boost::json::object& with) const {
  const std::string what(kind);
  const std::string called(name);
  const Entry* entry = find(kind, name);
  if (entry == nullptr) {
    const std::vector<std::string> known = names(kind);
    if (known.empty())
      return Status{StatusCode::kNotFound, "there is no " + what + " class '" + called +
                                               "': no module registered any. Name the module that has it "
                                               "(py_modules in YAML, --py-modules on the command line)"};
    return Status{StatusCode::kNotFound, "there is no " + what + " class '" + called + "'" + config::did_you_mean(name, known) +
                                             " (registered: " + join(known) + ")"};
  }
  const std::string subject = what + " '" + called + "'" + of_module(entry->module);
  try {
    return entry->make(entry->name, with);
  } catch (const ArgumentError& error) {
    return Status{StatusCode::kInvalidArgument, subject + ": " + error.what()};
  } catch (const std::exception& error) {
    return Status{StatusCode::kFailedPrecondition, "the constructor of " + subject + " failed: " + error.what()};
  } catch (...) {
    return Status{StatusCode::kFailedPrecondition,
                  "the constructor of " + subject + " failed with something that is no std::exception"};
  }
}

const described::TypeInfo* Registry::arguments_of(std::string_view kind, std::string_view name) const noexcept {
  const Entry* entry = find(kind, name);
  return entry == nullptr ? nullptr : entry->arguments;
}

std::string_view Registry::module_of(std::string_view kind, std::string_view name) const noexcept {
  const Entry* entry = find(kind, name);
  return entry == nullptr ? std::string_view() : entry->module;
}

void Registry::throw_no_arguments(const std::string& name, std::string_view argument) {
  throw ArgumentError({"argument '" + std::string(argument) + "' was given, but " + name + " takes none"});
}

}  // namespace jina
