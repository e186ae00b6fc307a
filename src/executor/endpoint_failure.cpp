#include "executor/endpoint_failure.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <typeinfo>

#include "base/demangle.hpp"
#include "base/utf8.hpp"
#include "jina/executor.hpp"
#include "wire/data_request.hpp"

namespace jina {
namespace {

// Protobuf texts are UTF-8; what() may hold anything.
std::string clean(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  std::string out;
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x80 ? c : '?';
  return out;
}

// As Python's str().
std::string text_of(const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::null: return "None";
    case boost::json::kind::bool_: return value.get_bool() ? "True" : "False";
    case boost::json::kind::string: return clean(value.get_string());
    case boost::json::kind::double_: {
      std::string text = fmt::format("{}", value.get_double());
      if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
      return text;
    }
    default: return clean(boost::json::serialize(value));
  }
}

// As Python's repr().
std::string repr_of(const boost::json::value& value) {
  if (!value.is_string()) return text_of(value);
  const std::string text = clean(value.get_string());
  const char quote = text.find('\'') != std::string::npos && text.find('"') == std::string::npos ? '"' : '\'';
  std::string out(1, quote);
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == quote || c == '\\')
      out += {'\\', c};
    else if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else if (c == '\t')
      out += "\\t";
    else if (code < 0x20 || code == 0x7f)
      out += fmt::format("\\x{:02x}", code);
    else
      out += c;
  }
  return out + quote;
}

std::string type_name(const std::exception& error) { return demangled(typeid(error).name()); }

}  // namespace

std::string python_call(std::string_view name, const boost::json::array& arguments) {
  std::string text(name);
  text += '(';
  for (std::size_t i = 0; i < arguments.size(); ++i) text += (i == 0 ? "" : ", ") + repr_of(arguments[i]);
  return text + ')';
}

EndpointFailure EndpointFailure::of(std::string name, const boost::json::array& arguments) {
  EndpointFailure failure;
  failure.description = python_call(name, arguments);
  for (const boost::json::value& argument : arguments) failure.args.push_back(text_of(argument));
  // The last line of a Python traceback: the one argument as it is, several as a tuple.
  std::string shown;
  if (failure.args.size() == 1) shown = ": " + failure.args.front();
  if (failure.args.size() > 1) shown = ": " + python_call("", arguments);
  failure.stacks.push_back(name + shown + "\n");
  failure.name = std::move(name);
  return failure;
}

EndpointFailure EndpointFailure::of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const EndpointError& raised) {
    return of(clean(raised.name()), raised.arguments());
  } catch (const std::exception& raised) {
    return of(type_name(raised), boost::json::array{raised.what()});
  } catch (...) {
    return of("unknown", boost::json::array{"something was thrown that is no std::exception"});
  }
}

std::string EndpointFailure::encode(std::string_view executor) const {
  return wire::encode_error_status({description, name, args, stacks, executor});
}

EndpointError::EndpointError(std::string name, boost::json::array arguments)
    : std::runtime_error(python_call(name, arguments)), name_(std::move(name)), arguments_(std::move(arguments)) {}
EndpointError::~EndpointError() = default;

}  // namespace jina
