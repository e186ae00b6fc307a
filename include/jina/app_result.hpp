// What handlers of an App return, made into answers. Included by jina/app.hpp, which says what that may be; nothing here is for
// direct use.
//
// Thread: pure functions. Lifetime: answers own their bodies. Cancellation: none.
#pragma once
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "jina/described.hpp"
#include "jina/http.hpp"

namespace jina::app {

/// What the body of a handler's answer is.
enum class BodyKind : std::uint8_t { kNothing, kJson, kText, kBytes, kFile, kResponse, kChunks, kEvents, kWebSocket };

struct OutputInfo {
  BodyKind body = BodyKind::kNothing;
  const described::TypeInfo* type = nullptr;  ///< kJson: of what
  bool may_be_missing = false;                ///< std::optional: 404
};

namespace detail {

// Values into answers. `response` has the route's status.
void put_json(HttpResponse& response, const described::TypeInfo& type, const void* value);
void put_text(HttpResponse& response, std::string text);
void put_bytes(HttpResponse& response, Bytes bytes);
void put_file(HttpResponse& response, const HttpRequest& request, File file);
void put_missing(HttpResponse& response);

template <class T, class... Others>
inline constexpr bool kOneOf = (std::is_same_v<T, Others> || ...);

template <class T>
inline constexpr bool kReadsItself = requires { described::CustomType<T>::kInfo; };
template <class T>
inline constexpr bool kIsDescribed = described::Described<T> || boost::describe::has_describe_enumerators<T>::value;
template <class T>
struct IsJson : std::bool_constant<kIsDescribed<T> || kReadsItself<T> || std::is_arithmetic_v<T> ||
                                   kOneOf<T, boost::json::value, boost::json::object, boost::json::array>> {};
template <>
struct IsJson<std::string> : std::true_type {};
template <class T>
struct IsJson<std::optional<T>> : IsJson<T> {};
template <class T>
struct IsJson<std::vector<T>> : IsJson<T> {};
template <class T, class Less>
struct IsJson<std::map<std::string, T, Less>> : IsJson<T> {};

template <class T>
struct IsWith : std::false_type {};
template <class T>
struct IsWith<With<T>> : std::true_type {
  using Body = T;
};
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {
  using Body = T;
};
template <class T>
struct IsTask : std::false_type {
  using Value = T;
};
template <class T>
struct IsTask<Task<T>> : std::true_type {
  using Value = T;
};

template <class R>
constexpr bool is_result() {
  if constexpr (IsWith<R>::value)
    return is_result<typename IsWith<R>::Body>();
  else if constexpr (IsOptional<R>::value)
    return !std::is_void_v<typename IsOptional<R>::Body> && is_result<typename IsOptional<R>::Body>();
  else
    return kOneOf<R, void, HttpStatus, HttpResponse, File, Bytes, std::string, std::string_view, const char*> || IsJson<R>::value;
}

template <class R>
OutputInfo output_of() {
  if constexpr (IsWith<R>::value) {
    return output_of<typename IsWith<R>::Body>();
  } else if constexpr (IsOptional<R>::value) {
    OutputInfo output = output_of<typename IsOptional<R>::Body>();
    output.may_be_missing = true;
    return output;
  } else if constexpr (kOneOf<R, void, HttpStatus>) {
    return {};
  } else if constexpr (std::is_same_v<R, HttpResponse>) {
    return {.body = BodyKind::kResponse};
  } else if constexpr (std::is_same_v<R, File>) {
    return {.body = BodyKind::kFile};
  } else if constexpr (std::is_same_v<R, Bytes>) {
    return {.body = BodyKind::kBytes};
  } else if constexpr (kOneOf<R, std::string, std::string_view, const char*>) {
    return {.body = BodyKind::kText};
  } else {
    return {.body = BodyKind::kJson, .type = &described::type_of<R>()};
  }
}

// Makes the answer of what a handler returned.
template <class R>
void put(HttpResponse& response, const HttpRequest& request, R result) {
  if constexpr (IsWith<R>::value) {
    response.status = result.status;
    for (auto& [name, value] : result.headers) response.headers.emplace_back(std::move(name), std::move(value));
    put(response, request, std::move(result.body));
  } else if constexpr (IsOptional<R>::value) {
    if (result)
      put(response, request, *std::move(result));
    else
      put_missing(response);
  } else if constexpr (std::is_same_v<R, HttpStatus>) {
    response.status = result.status;
  } else if constexpr (std::is_same_v<R, HttpResponse>) {
    response = std::move(result);
  } else if constexpr (std::is_same_v<R, File>) {
    put_file(response, request, std::move(result));
  } else if constexpr (std::is_same_v<R, Bytes>) {
    put_bytes(response, std::move(result));
  } else if constexpr (kOneOf<R, std::string, std::string_view, const char*>) {
    put_text(response, std::string(std::move(result)));
  } else {
    put_json(response, described::type_of<R>(), &result);
  }
}

}  // namespace detail
}  // namespace jina::app
