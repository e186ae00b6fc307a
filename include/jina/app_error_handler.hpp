// What App makes of on_error<E>. Included by jina/app.hpp; nothing here is for direct use.
//
// Thread: made at setup, called on the request's I/O thread. Lifetime: owns the user's function. Cancellation: none.
#pragma once
#include <exception>
#include <functional>
#include <type_traits>
#include <utility>

#include "jina/app_result.hpp"
#include "jina/http.hpp"

namespace jina::app {

/// One on_error<E>.
struct ErrorHandler {
  std::function<bool(const std::exception_ptr&, const HttpRequest&, HttpResponse&)> handle;  ///< false: not an E
  void (*throw_pointer)() = nullptr;                                                         ///< throws an E*
  bool (*catches)(void (*thrower)()) = nullptr;  ///< whether what that throws is an E*, or a pointer to what derives from E
  bool general = false;  ///< E is a base of HttpError, or of what stands for wrong input: those are not meant
};

namespace detail {

template <class E>
bool catches(void (*thrower)()) {
  try {
    thrower();
  } catch (const E*) {
    return true;
  } catch (...) {
  }
  return false;
}

template <class E, class F>
ErrorHandler make_error_handler(F handler) {
  constexpr bool kWithRequest = std::is_invocable_v<F&, const E&, const HttpRequest&>;
  constexpr bool kHandler = kWithRequest || std::is_invocable_v<F&, const E&>;
  static_assert(kHandler, "on_error<E> takes a function of (const E&) or (const E&, const HttpRequest&)");
  ErrorHandler made;
  if constexpr (kHandler) {
    using R = typename std::conditional_t<kWithRequest, std::invoke_result<F&, const E&, const HttpRequest&>,
                                          std::invoke_result<F&, const E&>>::type;
    static_assert(is_result<R>() && !std::is_void_v<R>,
                  "the function of on_error<E> returns HttpResponse, HttpStatus, With<T> or another result of a handler; no Task");
    made.handle = [handler = std::move(handler)](const std::exception_ptr& thrown, const HttpRequest& request,
                                                 HttpResponse& response) mutable {
      try {
        std::rethrow_exception(thrown);
      } catch (const E& error) {
        if constexpr (kWithRequest)
          put<R>(response, request, handler(error, request));
        else
          put<R>(response, request, handler(error));
        return true;
      } catch (...) {
        return false;
      }
    };
    made.throw_pointer = [] { throw static_cast<const E*>(nullptr); };
    made.catches = &catches<E>;
    made.general = std::is_base_of_v<E, HttpError> && !std::is_same_v<E, HttpError>;
  }
  return made;
}

}  // namespace detail

}  // namespace jina::app
