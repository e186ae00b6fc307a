// yaml_schema(): JSON schema (draft 7) of every YAML that the program reads, made of the tables that read it, for editors and
// checks.
//
// Thread: pure. Lifetime: none. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <span>
#include <string>
#include <vector>

#include "config/option.hpp"

namespace jina::exporter {

boost::json::object yaml_schema();

/// A command as the description of the program lists it.
struct CommandDescription {
  std::string name;
  std::string help;
  const config::OptionSet* options = nullptr;  ///< null: none
};
/// The program's commands and their arguments, in the form of Jina's `jina export schema --json-path`.
boost::json::object command_description(std::span<const CommandDescription> commands);

}  // namespace jina::exporter
