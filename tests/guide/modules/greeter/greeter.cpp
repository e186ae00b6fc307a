// gRPC services of its own beside Jina's, with classes that protoc made (their source is included, since a module is one file).
#include <jina/builtin_gateways.hpp>
#include <jina/grpc_service.hpp>
#include <jina/module.hpp>

#include <stdexcept>

#include "greeter.pb.cc"

// [services]
class Greeter : public jina::builtin::GRPCGateway {
 public:
  void setup_services(jina::GrpcServices& on) override {
    on.unary("/demo.Greeter/Hello", &Greeter::hello)
        .server_stream("/demo.Greeter/Count", &Greeter::count)
        .client_stream("/demo.Greeter/Sum", &Greeter::sum)
        .bidi("/demo.Greeter/Shout", &Greeter::shout)
        .unary("/demo.Raw/Echo", [](jina::Bytes bytes) { return bytes; });
  }

  jina::Task<demo::Number> sum(jina::GrpcReader<demo::Number>& in) {
    demo::Number sum;
    while (const auto number = co_await in.read()) sum.set_value(sum.value() + number->value());
    co_return sum;
  }
  // [/services]

  jina::Task<demo::HelloReply> hello(demo::HelloRequest request, jina::RequestContext& context, jina::GrpcReply& reply) {
    if (request.name().empty()) throw jina::GrpcError(jina::StatusCode::kInvalidArgument, "say your name");
    if (request.name() == "nobody") throw std::runtime_error("a secret");
    const std::string* language = jina::find_value(context.metadata, "x-language");
    reply.send_initial_metadata({{"x-greeted", request.name()}});
    reply.add_trailing_metadata("x-done", "yes");
    demo::HelloReply answer;
    answer.set_text((language != nullptr && *language == "de" ? "Hallo " : "Hello ") + request.name());
    co_return answer;
  }

  jina::Task<void> count(demo::CountRequest request, jina::GrpcWriter<demo::Number>& out) {
    demo::Number number;
    for (int i = 1; i <= request.upto(); ++i) {
      number.set_value(i);
      co_await out.write(number);
    }
  }

  // Each name goes through the Flow.
  jina::Task<void> shout(jina::GrpcReader<demo::HelloRequest>& in, jina::GrpcWriter<demo::HelloReply>& out) {
    demo::HelloReply answer;
    while (const auto request = co_await in.read()) {
      jina::DocumentArray docs(1);
      docs[0].set_text(request->name());
      docs = co_await streamer().post(std::move(docs), "/upper");
      answer.set_text(docs.at(0).text());
      co_await out.write(answer);
    }
  }
};

JINA_MODULE(registry) { registry.add<Greeter>("Greeter"); }
