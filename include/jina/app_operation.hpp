// What App makes of a handler: a table row that says what the handler needs and gives (for binding, 422 answers and OpenAPI), and
// three functions that call it. Included by jina/app.hpp, which says what handlers may look like; nothing here is for direct use.
//
// Thread: rows are made at setup and constant afterwards; their functions run on the request's I/O thread, those of blocking routes
// on a worker thread. Lifetime: a row owns the handler. Cancellation: as the handler's Task.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include "jina/app_result.hpp"
#include "jina/described.hpp"
#include "jina/http.hpp"

namespace jina {

class AppOwner;

/// A member of the struct in Form<T> may be a file of the form, or a vector or an optional of it.
template <>
struct described::CustomType<UploadFile> {
  static const CustomInfo kInfo;
};

namespace app {

/// Where an input of a handler is read from.
enum class Source : std::uint8_t { kPath, kQuery, kHeader, kCookie, kForm, kJson };

}  // namespace app

/// An input of a handler, read and checked. Use it like a pointer: `ask->text`, `*ask`.
template <class T, app::Source kSource>
struct Given {
  T value{};
  T& operator*() noexcept { return value; }
  const T& operator*() const noexcept { return value; }
  T* operator->() noexcept { return &value; }
  const T* operator->() const noexcept { return &value; }
};

namespace app {

/// One request on its way through a handler; src/app/call.hpp.
class Call;

struct InputInfo {
  Source source = Source::kQuery;
  const described::TypeInfo* type = nullptr;
};

/// A handler, made one shape. `bind` comes first; when it returned true, the one of `plain` and `start` that is set.
struct Operation {
  std::vector<InputInfo> inputs{};
  OutputInfo output{};
  std::string handler{};  ///< for logs: the class it is a member of, or ""
  std::string problem{};  ///< not empty: why it can not be called at all
  std::shared_ptr<void> target{};
  bool (*bind)(Call& call) = nullptr;  ///< reads the inputs into the call; false when one was wrong: its errors are in the call
  void (*plain)(void* target, Call& call) = nullptr;
  Task<void> (*start)(void* target, Call& call) = nullptr;
};

namespace detail {

// Of the running call; defined in src/app.
bool read_input(Call& call, Source source, const described::TypeInfo& type, void* into);
void* allocate_state(Call& call, std::size_t size);
void own_state(Call& call, void (*destroy)(void*) noexcept);
void* state_of(Call& call) noexcept;
const HttpRequest& request_of(Call& call) noexcept;
RequestContext& context_of(Call& call) noexcept;
ChunkWriter& chunks_of(Call& call) noexcept;
EventWriter& events_of(Call& call) noexcept;
WebSocket& socket_of(Call& call) noexcept;
HttpResponse& response_of(Call& call) noexcept;
Task<void> finish_nothing(Task<void> task, Call& call);

// Why a member function of `wanted` has no object when the App belongs to `owner`.
std::string wrong_owner(const std::type_info& wanted, const AppOwner* owner);
std::string class_name(const std::type_info& type);

// The memory of one argument between binding and call: what was read, or nothing for what the call has anyway.
template <class A>
struct Slot {
  static constexpr bool kAllowed =
      kOneOf<A, const HttpRequest&, RequestContext&, const RequestContext&, ChunkWriter&, EventWriter&, WebSocket&>;
  static constexpr bool kStruct = true;
  static void list(std::vector<InputInfo>&) {}
  bool read(Call&) { return true; }
  A get(Call& call) {
    using Plain = std::remove_cvref_t<A>;
    if constexpr (std::is_same_v<Plain, HttpRequest>)
      return request_of(call);
    else if constexpr (std::is_same_v<Plain, RequestContext>)
      return context_of(call);
    else if constexpr (std::is_same_v<Plain, ChunkWriter>)
      return chunks_of(call);
    else if constexpr (std::is_same_v<Plain, EventWriter>)
      return events_of(call);
    else
      return socket_of(call);
  }
};
template <class T, Source kSource>
struct Slot<Given<T, kSource>> {
  static constexpr bool kAllowed = true;
  static constexpr bool kStruct = kSource == Source::kJson || described::Described<T>;
  Given<T, kSource> given{};
  static void list(std::vector<InputInfo>& inputs) { inputs.push_back({kSource, &described::type_of<T>()}); }
  bool read(Call& call) { return read_input(call, kSource, described::type_of<T>(), &given.value); }
  Given<T, kSource>&& get(Call&) { return std::move(given); }
};
template <class T, Source kSource>
struct Slot<const Given<T, kSource>&> : Slot<Given<T, kSource>> {};

template <class... A>
bool bind(Call& call) {
  using State = std::tuple<Slot<A>...>;
  auto* state = new (allocate_state(call, sizeof(State))) State();
  own_state(call, [](void* memory) noexcept { static_cast<State*>(memory)->~State(); });
  // All of them, also behind a wrong one: the client gets to know everything that is wrong at once.
  return std::apply([&](auto&... slots) { return (0 + ... + static_cast<int>(slots.read(call))) == sizeof...(A); }, *state);
}

template <class R>
Task<void> finish(Task<R> task, Call& call) {
  R result = co_await std::move(task);
  put(response_of(call), request_of(call), std::move(result));
}

// A function with the object it is called on; nullptr_t for functions without.
template <class F, class Object>
struct Target {
  F function;
  Object object;
  template <class... A>
  decltype(auto) operator()(A&&... arguments) {
    if constexpr (std::is_member_function_pointer_v<F>)
      return ((*object).*function)(std::forward<A>(arguments)...);
    else
      return function(std::forward<A>(arguments)...);
  }
};

template <class TargetType, class R, class... A>
struct Caller {
  using State = std::tuple<Slot<A>...>;
  static decltype(auto) call_target(void* target, Call& call) {
    return std::apply([&](auto&... slots) -> decltype(auto) { return (*static_cast<TargetType*>(target))(slots.get(call)...); },
                      *static_cast<State*>(state_of(call)));
  }
  static void plain(void* target, Call& call) {
    if constexpr (std::is_void_v<R>)
      call_target(target, call);
    else
      put<std::remove_cvref_t<R>>(response_of(call), request_of(call), call_target(target, call));
  }
  static Task<void> start(void* target, Call& call) {
    if constexpr (std::is_same_v<R, Task<void>>)
      return finish_nothing(call_target(target, call), call);
    else
      return finish(call_target(target, call), call);
  }
};

template <class TargetType, class R, class... A>
Operation make_operation(TargetType target, std::string handler) {
  using Result = std::remove_cvref_t<typename IsTask<R>::Value>;
  constexpr bool kAllowed = (Slot<A>::kAllowed && ...);
  constexpr bool kStructs = (Slot<A>::kStruct && ...);
  constexpr bool kResult = is_result<Result>();
  constexpr int kWriters = (0 + ... + static_cast<int>(kOneOf<A, ChunkWriter&, EventWriter&, WebSocket&>));
  constexpr bool kWriterTask = kWriters == 0 || std::is_same_v<R, Task<void>>;
  static_assert(kAllowed,
                "a handler takes Query<T>, Path<T>, Header<T>, Cookie<T>, Form<T>, Json<T>, const HttpRequest&, RequestContext&, "
                "ChunkWriter&, EventWriter& and WebSocket&, in any order, and nothing else");
  static_assert(kStructs, "the T of Query<T>, Path<T>, Header<T>, Cookie<T> and Form<T> is a struct with BOOST_DESCRIBE_STRUCT");
  static_assert(
      kResult,
      "a handler returns a struct with BOOST_DESCRIBE_STRUCT, a vector or a map of them, a number, bool, Document, "
      "DocumentArray, boost::json::value, std::string, Bytes, File, HttpStatus, HttpResponse, With<T> or std::optional<T> of "
      "one of them, void, or a Task of any of these");
  static_assert(kWriters <= 1, "a handler takes one of ChunkWriter&, EventWriter& and WebSocket&, once");
  static_assert(kWriterTask, "a handler that takes ChunkWriter&, EventWriter& or WebSocket& is a coroutine: it returns Task<void>");
  Operation operation;
  if constexpr (kAllowed && kStructs && kResult && kWriters <= 1 && kWriterTask) {
    using Call_ = Caller<TargetType, R, A...>;
    (Slot<A>::list(operation.inputs), ...);
    operation.output = output_of<Result>();
    if constexpr ((std::is_same_v<A, ChunkWriter&> || ...)) operation.output.body = BodyKind::kChunks;
    if constexpr ((std::is_same_v<A, EventWriter&> || ...)) operation.output.body = BodyKind::kEvents;
    if constexpr ((std::is_same_v<A, WebSocket&> || ...)) operation.output.body = BodyKind::kWebSocket;
    operation.handler = std::move(handler);
    operation.target = std::make_shared<TargetType>(std::move(target));
    operation.bind = &bind<A...>;
    if constexpr (IsTask<R>::value)
      operation.start = &Call_::start;
    else
      operation.plain = &Call_::plain;
  }
  return operation;
}

// Result, arguments and class of a function.
template <class Class_, class R, class... A>
struct Function {
  using Class = Class_;
  template <class TargetType>
  static Operation operation(TargetType target, std::string handler) {
    return make_operation<TargetType, R, A...>(std::move(target), std::move(handler));
  }
};
template <class F>
struct FunctionOf : std::false_type {};
template <class R, class... A>
struct FunctionOf<R (*)(A...)> : std::true_type, Function<void, R, A...> {};
template <class R, class... A>
struct FunctionOf<R (*)(A...) noexcept> : std::true_type, Function<void, R, A...> {};
template <class C, class R, class... A>
struct FunctionOf<R (C::*)(A...)> : std::true_type, Function<C, R, A...> {};
template <class C, class R, class... A>
struct FunctionOf<R (C::*)(A...) const> : std::true_type, Function<C, R, A...> {};
template <class C, class R, class... A>
struct FunctionOf<R (C::*)(A...) noexcept> : std::true_type, Function<C, R, A...> {};
template <class C, class R, class... A>
struct FunctionOf<R (C::*)(A...) const noexcept> : std::true_type, Function<C, R, A...> {};

template <class F>
constexpr bool has_one_call_operator() {
  if constexpr (requires { &F::operator(); })
    return FunctionOf<decltype(&F::operator())>::value;
  else
    return false;
}

/// The object that owns the App, as the class that a member function belongs to; null when it is none.
template <class C>
C* owner_as([[maybe_unused]] AppOwner* owner) {
  if constexpr (std::is_polymorphic_v<C>)
    return dynamic_cast<C*>(owner);
  else
    return nullptr;
}

template <class F>
Operation operation_of(AppOwner* owner, F handler) {
  constexpr bool kFunction = FunctionOf<F>::value;
  constexpr bool kObject = !kFunction && has_one_call_operator<F>();
  static_assert(
      kFunction || kObject,
      "a handler is a member function (&MyGateway::answer), a function, or a function object with one operator() that is no "
      "template (no `auto` parameters)");
  if constexpr (std::is_member_function_pointer_v<F> && kFunction) {
    using C = typename FunctionOf<F>::Class;
    static_assert(std::is_polymorphic_v<C>,
                  "a member function of another class than the gateway needs its object: app.get(path, &Service::f, service)");
    C* object = owner_as<C>(owner);
    Operation made = FunctionOf<F>::operation(Target<F, C*>{handler, object}, class_name(typeid(C)));
    if (object == nullptr) made.problem = wrong_owner(typeid(C), owner);
    return made;
  } else if constexpr (kFunction) {
    return FunctionOf<F>::operation(Target<F, std::nullptr_t>{handler, nullptr}, {});
  } else if constexpr (kObject) {
    return FunctionOf<decltype(&F::operator())>::operation(Target<F, std::nullptr_t>{std::move(handler), nullptr}, {});
  } else {
    return {};
  }
}

template <class F, class Object>
Operation operation_of(AppOwner*, F handler, Object&& object) {
  using Plain = std::remove_cvref_t<Object>;
  constexpr bool kMember = std::is_member_function_pointer_v<F>;
  static_assert(kMember, "an object follows a member function only: app.get(path, &Service::f, service)");
  if constexpr (kMember) {
    using C = typename FunctionOf<F>::Class;
    if constexpr (std::is_convertible_v<Plain*, C*>) {
      static_assert(std::is_lvalue_reference_v<Object&&>,
                    "the object must outlive the App: give a variable, a pointer or a std::shared_ptr");
      return FunctionOf<F>::operation(Target<F, std::remove_reference_t<Object>*>{handler, &object}, class_name(typeid(C)));
    } else {
      static_assert(
          requires(Plain pointer) { static_cast<const C&>(*pointer); },
          "the object is of the class that the member function belongs to, or a pointer or std::shared_ptr to it");
      return FunctionOf<F>::operation(Target<F, Plain>{handler, std::forward<Object>(object)}, class_name(typeid(C)));
    }
  } else {
    return {};
  }
}

}  // namespace detail

}  // namespace app
}  // namespace jina
