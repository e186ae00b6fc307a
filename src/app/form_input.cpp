#include "app/form_input.hpp"

#include <charconv>

#include "app/forms/form.hpp"

namespace jina::app {
namespace {

namespace json = boost::json;
using described::Kind;
using described::TypeInfo;

const json::array kBody{"body"};

const TypeInfo& innermost(const TypeInfo& type) {
  return type.kind == Kind::kOptional || type.kind == Kind::kList ? innermost(type.inner()) : type;
}

bool is_file_member(const std::vector<described::MemberFacts>& members, std::string_view name) {
  for (const described::MemberFacts& member : members)
    if (member.name == name) return is_file(*member.type);
  return false;
}

}  // namespace

bool is_file(const TypeInfo& type) {
  const TypeInfo& inner = innermost(type);
  return inner.kind == Kind::kCustom && inner.custom == &described::CustomType<UploadFile>::kInfo;
}

bool has_files(const TypeInfo& type) {
  for (const described::MemberFacts& member : described::members_of(type))
    if (is_file(*member.type)) return true;
  return false;
}

bool read_form(Call& call, const TypeInfo& type, void* into) {
  FormData form = form_of(call.request);
  const std::vector<described::MemberFacts> members = described::members_of(type);
  // A file travels through read_texts as its number in form.files; a text where a file belongs must not read as one.
  std::vector<std::pair<std::string, std::string>> texts;
  texts.reserve(form.fields.size() + form.files.size());
  for (auto& [name, value] : form.fields)
    texts.emplace_back(std::move(name), is_file_member(members, name) && !value.empty() ? "text" : std::move(value));
  for (std::size_t i = 0; i < form.files.size(); ++i)
    if (is_file_member(members, form.files[i].first)) texts.emplace_back(form.files[i].first, std::to_string(i));
  const described::TextOptions options{.empty_is_absent = true, .attachments = &form.files};
  return described::read_texts(type, into, texts, kBody, call.errors, options);
}

}  // namespace jina::app

namespace jina::described {
namespace {

using Files = std::vector<std::pair<std::string, UploadFile>>;

bool read_file(void* into, const boost::json::value& value, const ReadOptions& options, const boost::json::array& at,
               std::vector<InputError>& errors) {
  auto* files = static_cast<const Files*>(options.attachments);
  std::size_t index = 0;
  const boost::json::string* text = value.if_string();
  if (files != nullptr && text != nullptr) {
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), index);
    if (error == std::errc() && end == text->data() + text->size() && index < files->size()) {
      *static_cast<UploadFile*>(into) = (*files)[index].second;
      return true;
    }
  }
  errors.push_back({at, "a file is expected here, sent as multipart/form-data with a filename", "value_error"});
  return false;
}

boost::json::value file_schema(boost::json::object&) { return boost::json::object{{"type", "string"}, {"format", "binary"}}; }

[[noreturn]] void no_json() { throw std::logic_error("an UploadFile is read from forms and not written"); }

}  // namespace

const CustomInfo CustomType<UploadFile>::kInfo{
    .name = "a file",
    .read = &read_file,
    .write = [](const void*, std::string&) { no_json(); },
    .to_json = [](const void*) -> boost::json::value { no_json(); },
    .schema = &file_schema,
    .is_empty = [](const void* object) { return static_cast<const UploadFile*>(object)->content.empty(); },
};

}  // namespace jina::described
