// GrpcServices: gRPC methods of the user's own, served by the gateway's port beside Jina's.
//
//   class MyGateway : public jina::builtin::GRPCGateway {
//     void setup_services(jina::GrpcServices& on) override {
//       on.unary("/demo.Greeter/Hello", &MyGateway::hello);
//       on.server_stream("/demo.Greeter/Count", &MyGateway::count);
//     }
//     jina::Task<HelloReply> hello(HelloRequest request, jina::RequestContext& context);
//     jina::Task<void> count(CountRequest request, jina::GrpcWriter<Number>& out);
//     jina::Task<Number> sum(jina::GrpcReader<Number>& in);                                  // client_stream
//     jina::Task<void> chat(jina::GrpcReader<Text>& in, jina::GrpcWriter<Text>& out);        // bidi
//   };
//
// Messages are of any type with ParseFromString and SerializeToString, as protoc's C++ classes have them, or jina::Bytes: then
// nothing is decoded. A handler takes its parameters in any order, and also RequestContext& (metadata, deadline, cancellation) and
// GrpcReply& (metadata of the answer). A member function of the gateway, or of an object that is named behind it, a function, or a
// function object; unary handlers may be plain functions. Services are listed by reflection and have a state of health of their
// own.
//
// A handler that throws GrpcError ends its call with that status; RequestFailed (of the streamer) with its own. Whatever else is
// thrown is INTERNAL, and the client gets to see an id that the log has too, never the text. A request that is no message of the
// type is INVALID_ARGUMENT and does not reach the handler.
//
// Thread: the gateway's I/O thread. Lifetime: objects and functions live as long as the gateway; requests and writers until the
// handler's end. Cancellation: when the client is gone or its deadline passed, what a handler awaits ends with operation_aborted.
#pragma once
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "jina/grpc_handler.hpp"

namespace jina {

class Gateway;

/// Path -> handler. Filled in GRPCGateway::setup_services, constant afterwards. A path is "/package.Service/Method"; anything else,
/// and one that is there already, throws std::invalid_argument.
class GrpcServices {
 public:
  /// `owner` is the gateway whose member functions may be named without an object; null: none.
  explicit GrpcServices(Gateway* owner = nullptr) : owner_(owner) {}

  /// One request, one answer: `Task<Answer> f(Request)`, or `Answer f(Request)`, which must not block. `object` is what a member
  /// function is called on when that is not the gateway: a variable, a pointer or a std::shared_ptr.
  template <class F, class... Object>
  GrpcServices& unary(std::string path, F handler, Object&&... object) {
    return add<detail::GrpcKind::kUnary>(std::move(path), std::move(handler), std::forward<Object>(object)...);
  }
  /// One request, any number of answers: `Task<void> f(Request, GrpcWriter<Answer>&)`.
  template <class F, class... Object>
  GrpcServices& server_stream(std::string path, F handler, Object&&... object) {
    return add<detail::GrpcKind::kServerStream>(std::move(path), std::move(handler), std::forward<Object>(object)...);
  }
  /// Any number of requests, one answer: `Task<Answer> f(GrpcReader<Request>&)`.
  template <class F, class... Object>
  GrpcServices& client_stream(std::string path, F handler, Object&&... object) {
    return add<detail::GrpcKind::kClientStream>(std::move(path), std::move(handler), std::forward<Object>(object)...);
  }
  /// Both: `Task<void> f(GrpcReader<Request>&, GrpcWriter<Answer>&)`.
  template <class F, class... Object>
  GrpcServices& bidi(std::string path, F handler, Object&&... object) {
    return add<detail::GrpcKind::kBidi>(std::move(path), std::move(handler), std::forward<Object>(object)...);
  }

  /// In the order they were added.
  const std::vector<detail::GrpcMethod>& methods() const noexcept { return methods_; }
  /// "package.Service" of each, once, in that order.
  std::vector<std::string> service_names() const;

 private:
  template <detail::GrpcKind kKind, class F, class... Object>
  GrpcServices& add(std::string path, F handler, Object&&... object) {
    using Signature = detail::GrpcSignature<F>;
    static_assert(Signature::kKnown, "a gRPC handler is a member function, a function, or a function object with one operator()");
    if constexpr (Signature::kKnown) {
      constexpr bool kParameters = Signature::kParametersOk;
      static_assert(
          kParameters,
          "a gRPC handler takes a message (by value or const&; protobuf's, or jina::Bytes), GrpcReader<T>&, GrpcWriter<T>&, "
          "RequestContext& and GrpcReply&, in any order, and nothing else");
      if constexpr (kParameters) {
        constexpr bool kFits = detail::handler_fits<Signature, kKind>();
        static_assert(kFits,
                      "the handler does not fit: unary is Task<Answer> f(Request), server_stream Task<void> f(Request, "
                      "GrpcWriter<Answer>&), client_stream Task<Answer> f(GrpcReader<Request>&), bidi Task<void> "
                      "f(GrpcReader<Request>&, GrpcWriter<Answer>&)");
        if constexpr (kFits && Signature::kMember) {
          auto self = object_of<typename Signature::Class>(path, std::forward<Object>(object)...);
          auto call = [self = std::move(self), handler]<class... A>(A&&... arguments) {
            return ((*self).*handler)(std::forward<A>(arguments)...);
          };
          insert(detail::make_method<Signature>(std::move(path), kKind, std::move(call)));
        } else if constexpr (kFits) {
          static_assert(sizeof...(Object) == 0, "an object belongs behind a member function only");
          insert(detail::make_method<Signature>(std::move(path), kKind, std::move(handler)));
        }
      }
    }
    return *this;
  }

  template <class C, class Object>
  auto object_of(const std::string&, Object&& object) const {
    using Given = std::remove_cvref_t<Object>;
    if constexpr (std::is_base_of_v<C, Given>) {
      static_assert(std::is_lvalue_reference_v<Object>, "the object has to outlive the gateway's services: a temporary does not");
      return &object;
    } else {
      return Given(std::forward<Object>(object));  // a pointer, or a std::shared_ptr
    }
  }
  // The gateway itself, or one of its bases.
  template <class C>
  C* object_of(const std::string& path) const {
    C* self = owner_ == nullptr ? nullptr : dynamic_cast<C*>(static_cast<std::enable_if_t<(sizeof(C) > 0), Gateway>*>(owner_));
    if (self == nullptr) throw_no_object(path);
    return self;
  }
  [[noreturn]] static void throw_no_object(const std::string& path);

  void insert(detail::GrpcMethod method);

  Gateway* owner_;
  std::vector<detail::GrpcMethod> methods_;
};

}  // namespace jina
