#include "config/option.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cctype>
#include <stdexcept>

#include "config/json_text.hpp"
#include "config/option_value.hpp"

namespace jina::config {
namespace {

std::string dashed(std::string_view name) {
  std::string out(name);
  std::replace(out.begin(), out.end(), '_', '-');
  return out;
}

}  // namespace

OptionSet& OptionSet::add(OptionSpec spec) {
  for (const auto& name : spec.names)
    if (find(name) != nullptr) throw std::logic_error("option --" + name + " is described twice");
  specs_.push_back(std::move(spec));
  return *this;
}

OptionSet& OptionSet::add(const OptionSet& other) {
  for (const auto& spec : other.specs_) add(spec);
  return *this;
}

OptionSet& OptionSet::mark_effective(std::initializer_list<std::string_view> names) {
  for (auto& spec : specs_)
    if (std::find(names.begin(), names.end(), spec.name()) != names.end()) spec.effective = true;
  return *this;
}

const OptionSpec* OptionSet::find(std::string_view name) const {
  const auto wanted = dashed(name);
  for (const auto& spec : specs_)
    for (const auto& known : spec.names)
      if (known == wanted) return &spec;
  return nullptr;
}

std::vector<std::string> OptionSet::all_names(bool underscores) const {
  std::vector<std::string> out;
  for (const auto& spec : specs_)
    for (auto name : spec.names) {
      if (underscores) std::replace(name.begin(), name.end(), '-', '_');
      out.push_back(std::move(name));
    }
  return out;
}

Status OptionBag::set_from_words(const OptionSpec& spec, std::span<const std::string> words, const std::string& where) {
  auto value = option_value_from_words(spec, words, where);
  if (!value) return value.error();
  auto& slot = values_[spec.name()];
  // A KEY=VALUE argument that is given twice adds up, as in Jina; everything else is replaced.
  if (spec.kind == OptionKind::kKeyValues && slot.is_object()) {
    for (auto& [key, item] : value->as_object()) slot.as_object()[key] = std::move(item);
    return {};
  }
  slot = std::move(*value);
  return {};
}

Status OptionBag::set_from_node(const OptionSpec& spec, const Node& node, const std::string& where) {
  if (node.is_null()) {
    values_.erase(spec.name());
    return {};
  }
  auto value = option_value_from_node(spec, node, where);
  if (!value) return value.error();
  values_[spec.name()] = std::move(*value);
  return {};
}

void OptionBag::set_value(std::string_view name, boost::json::value value) {
  const auto* spec = set_->find(name);
  if (spec == nullptr) throw std::logic_error("no option --" + std::string(name));
  values_[spec->name()] = std::move(value);
}

bool OptionBag::is_set(std::string_view name) const { return values_.find(name) != values_.end(); }

const boost::json::value& OptionBag::get(std::string_view name) const {
  if (const auto found = values_.find(name); found != values_.end()) return found->second;
  const auto* spec = set_->find(name);
  if (spec == nullptr) throw std::logic_error("no option --" + std::string(name));
  if (const auto found = values_.find(spec->name()); found != values_.end()) return found->second;
  return spec->fallback;
}

std::string OptionBag::text(std::string_view name) const {
  const auto& value = get(name);
  return value.is_string() ? std::string(value.get_string()) : value.is_null() ? std::string{} : boost::json::serialize(value);
}

std::int64_t OptionBag::integer(std::string_view name, std::int64_t otherwise) const {
  const auto& value = get(name);
  return value.is_int64() ? value.get_int64() : otherwise;
}

bool OptionBag::flag(std::string_view name) const {
  const auto& value = get(name);
  return value.is_bool() && value.get_bool();
}

std::vector<std::string> OptionBag::texts(std::string_view name) const {
  std::vector<std::string> out;
  const auto& value = get(name);
  if (value.is_array())
    for (const auto& item : value.get_array())
      out.push_back(item.is_string() ? std::string(item.get_string()) : boost::json::serialize(item));
  else if (value.is_string())
    out.emplace_back(value.get_string());
  return out;
}

std::vector<std::uint16_t> OptionBag::ports(std::string_view name) const {
  std::vector<std::uint16_t> out;
  const auto& value = get(name);
  if (value.is_array())
    for (const auto& item : value.get_array()) out.push_back(static_cast<std::uint16_t>(item.to_number<std::int64_t>()));
  return out;
}

boost::json::object OptionBag::object(std::string_view name) const {
  const auto& value = get(name);
  return value.is_object() ? value.get_object() : boost::json::object{};
}

std::vector<const OptionSpec*> OptionBag::set_options() const {
  std::vector<const OptionSpec*> out;
  for (const auto& spec : set_->specs())
    if (is_set(spec.name())) out.push_back(&spec);
  return out;
}

std::vector<std::string> OptionBag::ineffective() const {
  std::vector<std::string> out;
  for (const auto* spec : set_options())
    // Set to its default it changes nothing in Jina either.
    if (!spec->effective && get(spec->name()) != spec->fallback && get(spec->name()) != boost::json::value(false))
      out.push_back("--" + spec->name());
  return out;
}

std::vector<std::string> OptionBag::to_words() const {
  std::vector<std::string> out;
  for (const auto* spec : set_options()) append_words(out, *spec, get(spec->name()));
  return out;
}

Result<std::vector<const NodeEntry*>> set_from_map(OptionBag& bag, const Node& map, const std::string& source) {
  std::vector<const NodeEntry*> unknown;
  for (const auto& entry : map.entries) {
    const auto* spec = bag.set().find(entry.key);
    if (spec == nullptr) {
      unknown.push_back(&entry);
      continue;
    }
    const auto position = entry.value.position.line > 0 ? entry.value.position : entry.position;
    if (auto status = bag.set_from_node(*spec, entry.value, place(source, position, entry.key)); !status.ok()) return status;
  }
  return unknown;
}

}  // namespace jina::config
