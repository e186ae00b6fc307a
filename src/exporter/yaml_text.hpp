// yaml_text(): a value as YAML in block style, keys in their order, as people write it; what YAML 1.1 or 1.2 could take for
// something else than a text is quoted.
//
// Thread: pure. Lifetime: none. Cancellation: none.
#pragma once
#include <boost/json/value.hpp>
#include <span>
#include <string>

namespace jina::exporter {

/// Ends with a line break.
std::string yaml_text(const boost::json::value& value);
/// One file of several documents.
std::string yaml_documents(std::span<const boost::json::value> documents);

}  // namespace jina::exporter
