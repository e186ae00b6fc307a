// The parameters of a gRPC handler of the user, and how it is called. Included by jina/grpc_service.hpp, which says more.
//
// Thread: the gateway's I/O thread. Lifetime: readers, writers and requests until the handler's end. Cancellation: reading and
// writing end with operation_aborted.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "jina/bytes.hpp"
#include "jina/request_context.hpp"
#include "jina/status.hpp"
#include "jina/task.hpp"

namespace jina {

/// Ends a call with this status: the client gets to see it.
class GrpcError : public std::runtime_error {
 public:
  /// REQUIRES: !status.ok().
  explicit GrpcError(Status status, Metadata trailing = {});
  GrpcError(StatusCode code, std::string message) : GrpcError(Status{code, std::move(message)}) {}
  ~GrpcError() override;

  const Status& status() const noexcept { return status_; }
  const Metadata& trailing() const noexcept { return trailing_; }

 private:
  Status status_;
  Metadata trailing_;
};

namespace detail {

// One call as the templates below see it.
class GrpcCall {
 public:
  virtual ~GrpcCall() = default;
  virtual RequestContext& context() noexcept = 0;
  virtual Task<std::optional<Bytes>> read() = 0;
  virtual Task<void> write(Bytes message) = 0;
  virtual void send_initial_metadata(Metadata metadata) = 0;
  virtual void add_trailing_metadata(std::string name, std::string value) = 0;
};

enum class GrpcKind : std::uint8_t { kUnary, kServerStream, kClientStream, kBidi };

struct GrpcMethod {
  std::string path;
  GrpcKind kind;
  // Exactly one of the two is set. They take the request where the client sends one, and give the answer where one is sent.
  std::function<Bytes(GrpcCall&, const Bytes&)> plain;
  std::function<Task<Bytes>(GrpcCall&, Bytes)> coroutine;
};

// INVALID_ARGUMENT "the request is no demo.HelloRequest (12 bytes)"; the name of a C++ type is made readable.
[[noreturn]] void throw_malformed(const std::string& type, std::size_t size);
std::string readable_type(const char* mangled);

template <class M>
concept GrpcMessage = std::is_same_v<M, Bytes> || requires(M message, const std::string& in, std::string* out) {
  message.ParseFromString(in);
  message.SerializeToString(out);
};

template <class M>
M decode_message(const Bytes& bytes) {
  if constexpr (std::is_same_v<M, Bytes>) {
    return bytes;
  } else {
    M message;
    bool parsed = false;
    if constexpr (requires { message.ParseFromArray(bytes.data(), 1); }) {
      parsed = bytes.size() <= 0x7fffffff && message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    } else {
      parsed = message.ParseFromString(bytes.str());
    }
    if (parsed) return message;
    if constexpr (requires { std::string(message.GetTypeName()); }) {
      throw_malformed(std::string(message.GetTypeName()), bytes.size());
    } else {
      throw_malformed(readable_type(typeid(M).name()), bytes.size());
    }
  }
}

template <class M>
Bytes encode_message(const M& message) {
  if constexpr (std::is_same_v<M, Bytes>) {
    return message;
  } else {
    std::string out;
    if (!message.SerializeToString(&out)) throw std::runtime_error("the answer could not be serialized");
    return Bytes::take(std::move(out));
  }
}

}  // namespace detail

/// The messages that the client sends.
template <class T>
class GrpcReader {
 public:
  explicit GrpcReader(detail::GrpcCall& call) : call_(call) {}
  /// The next one; nullopt when the client sent its last. One read at a time.
  Task<std::optional<T>> read() {
    const std::optional<Bytes> bytes = co_await call_.read();
    if (!bytes) co_return std::nullopt;
    co_return detail::decode_message<T>(*bytes);
  }

 private:
  detail::GrpcCall& call_;
};

/// The messages of the answer.
template <class T>
class GrpcWriter {
 public:
  explicit GrpcWriter(detail::GrpcCall& call) : call_(call) {}
  /// Waits while the client is slow. One write at a time. (g++ 12: no braces inside co_await: name the message before.)
  Task<void> write(const T& message) { return call_.write(detail::encode_message(message)); }

 private:
  detail::GrpcCall& call_;
};

/// What an answer says besides its messages. Names are lower case; values of names that end in "-bin" may be any bytes.
class GrpcReply {
 public:
  explicit GrpcReply(detail::GrpcCall& call) : call_(call) {}
  /// Goes out at once, before the first message. Without it, empty metadata goes with the first message.
  void send_initial_metadata(Metadata metadata) { call_.send_initial_metadata(std::move(metadata)); }
  /// Goes out with the status.
  void add_trailing_metadata(std::string name, std::string value) {
    call_.add_trailing_metadata(std::move(name), std::move(value));
  }

 private:
  detail::GrpcCall& call_;
};

namespace detail {

struct NoMessage {};

template <class T>
struct TaskValue {
  using type = T;
  static constexpr bool kIsTask = false;
};
template <class T>
struct TaskValue<Task<T>> {
  using type = T;
  static constexpr bool kIsTask = true;
};

// What a parameter of a handler is for.
template <class A>
struct GrpcParameter {
  using Reads = NoMessage;
  using Writes = NoMessage;
  using Plain = std::remove_cvref_t<A>;
  static constexpr bool kContext = std::is_same_v<A, RequestContext&> || std::is_same_v<A, const RequestContext&>;
  static constexpr bool kReply = std::is_same_v<A, GrpcReply&>;
  static constexpr bool kMessage =
      GrpcMessage<Plain> && (std::is_same_v<A, Plain> || std::is_same_v<A, const Plain&> || std::is_same_v<A, Plain&&>);
  using Message = std::conditional_t<kMessage, Plain, NoMessage>;
  static constexpr bool kOk = kContext || kReply || kMessage;
};
template <class T>
struct GrpcParameter<GrpcReader<T>&> {
  using Reads = T;
  using Writes = NoMessage;
  using Message = NoMessage;
  static constexpr bool kOk = GrpcMessage<T>;
};
template <class T>
struct GrpcParameter<GrpcWriter<T>&> {
  using Reads = NoMessage;
  using Writes = T;
  using Message = NoMessage;
  static constexpr bool kOk = GrpcMessage<T>;
};

// The one type that is not NoMessage; void when there are several.
template <class... Ts>
struct OnlyMessage {
  using type = NoMessage;
};
template <class T, class... Ts>
struct OnlyMessage<T, Ts...> {
  using Rest = typename OnlyMessage<Ts...>::type;
  using type = std::conditional_t<std::is_same_v<T, NoMessage>, Rest, std::conditional_t<std::is_same_v<Rest, NoMessage>, T, void>>;
};

// Result, parameters and class of a handler.
template <class F, class = void>
struct GrpcSignature {
  static constexpr bool kKnown = false;
};
template <class R, class... A>
struct GrpcSignature<R (*)(A...), void> {
  static constexpr bool kKnown = true;
  static constexpr bool kMember = false;
  using Result = R;
  using Value = typename TaskValue<R>::type;
  static constexpr bool kIsTask = TaskValue<R>::kIsTask;
  static constexpr bool kParametersOk = (GrpcParameter<A>::kOk && ...);
  using Message = typename OnlyMessage<typename GrpcParameter<A>::Message...>::type;
  using Reads = typename OnlyMessage<typename GrpcParameter<A>::Reads...>::type;
  using Writes = typename OnlyMessage<typename GrpcParameter<A>::Writes...>::type;

  template <class A1, class Parts>
  static A1&& argument(Parts& parts) {
    if constexpr (std::is_same_v<std::remove_cvref_t<A1>, RequestContext>)
      return parts.call.context();
    else if constexpr (std::is_same_v<A1, GrpcReply&>)
      return parts.reply;
    else if constexpr (!std::is_same_v<typename GrpcParameter<A1>::Reads, NoMessage>)
      return parts.reader;
    else if constexpr (!std::is_same_v<typename GrpcParameter<A1>::Writes, NoMessage>)
      return parts.writer;
    else
      return static_cast<A1&&>(parts.message);
  }
  template <class Function, class Parts>
  static R invoke(const Function& function, Parts& parts) {
    return function(argument<A>(parts)...);
  }
};
template <class C, class R, class... A>
struct GrpcSignature<R (C::*)(A...), void> : GrpcSignature<R (*)(A...)> {
  static constexpr bool kMember = true;
  using Class = C;
};
template <class C, class R, class... A>
struct GrpcSignature<R (C::*)(A...) const, void> : GrpcSignature<R (C::*)(A...)> {};
template <class F>
struct GrpcSignature<F, std::void_t<decltype(&F::operator())>> : GrpcSignature<decltype(&F::operator())> {
  static constexpr bool kMember = false;
};

// What the parameters of one call refer to.
template <class Signature>
struct GrpcParts {
  GrpcCall& call;
  typename Signature::Message message;
  GrpcReader<typename Signature::Reads> reader{call};
  GrpcWriter<typename Signature::Writes> writer{call};
  GrpcReply reply{call};
};

template <class Signature>
typename Signature::Message request_message(const Bytes& request) {
  using Message = typename Signature::Message;
  if constexpr (std::is_same_v<Message, NoMessage>)
    return {};
  else
    return decode_message<Message>(request);
}

template <class Signature, class Function>
Task<Bytes> run_handler(const Function& function, GrpcCall& call, Bytes request) {
  GrpcParts<Signature> parts{call, request_message<Signature>(request)};
  typename Signature::Result task = Signature::invoke(function, parts);
  if constexpr (std::is_void_v<typename Signature::Value>) {
    co_await std::move(task);
    co_return Bytes();
  } else {
    const typename Signature::Value answer = co_await std::move(task);
    co_return encode_message(answer);
  }
}

template <class Signature, class Function>
GrpcMethod make_method(std::string path, GrpcKind kind, Function function) {
  GrpcMethod method{std::move(path), kind, {}, {}};
  if constexpr (Signature::kIsTask) {
    method.coroutine = [function = std::move(function)](GrpcCall& call, Bytes request) {
      return run_handler<Signature>(function, call, std::move(request));
    };
  } else {
    method.plain = [function = std::move(function)](GrpcCall& call, const Bytes& request) {
      GrpcParts<Signature> parts{call, request_message<Signature>(request)};
      return encode_message(Signature::invoke(function, parts));
    };
  }
  return method;
}

template <class Signature, GrpcKind kKind>
constexpr bool handler_fits() {
  using S = Signature;
  constexpr bool kOneRequest = kKind == GrpcKind::kUnary || kKind == GrpcKind::kServerStream;
  constexpr bool kOneAnswer = kKind == GrpcKind::kUnary || kKind == GrpcKind::kClientStream;
  constexpr bool kMessage = GrpcMessage<typename S::Message>;
  constexpr bool kReads = GrpcMessage<typename S::Reads>;
  constexpr bool kWrites = GrpcMessage<typename S::Writes>;
  constexpr bool kInput = kOneRequest ? kMessage && !kReads : kReads && !kMessage;
  constexpr bool kOutput = kOneAnswer ? GrpcMessage<typename S::Value> && !kWrites : std::is_void_v<typename S::Value> && kWrites;
  return kInput && kOutput && (S::kIsTask || kKind == GrpcKind::kUnary);
}

}  // namespace detail

}  // namespace jina
