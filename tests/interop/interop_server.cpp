// TestService of gRPC's interoperability tests on our transport. Prints "listening on PORT" once it serves; stops on SIGTERM.
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdio>
#include <cstdlib>

#include "protocol/server/server.hpp"
#include "test_service.pb.h"

namespace {

using jina::Buffer;
using jina::Metadata;
using jina::Status;
using jina::StatusCode;
using jina::grpc::ServerCall;
namespace t = ::grpc::testing;

using Call = std::shared_ptr<ServerCall>;

template <class Message>
Message parse(const Buffer& buffer) {
  Message message;
  const jina::Bytes bytes = buffer.flatten();
  message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  return message;
}

template <class Message>
Buffer encode(const Message& message) {
  return Buffer::take(message.SerializeAsString());
}

// What the custom_metadata case wants back.
Metadata echoed(const Call& call, const char* name) {
  const std::string* value = jina::find_value(call->context().metadata, name);
  return value == nullptr ? Metadata{} : Metadata{{name, *value}};
}
Metadata initial_of(const Call& call) { return echoed(call, "x-grpc-test-echo-initial"); }
Metadata trailing_of(const Call& call) { return echoed(call, "x-grpc-test-echo-trailing-bin"); }

void unary_call(Call call, Buffer buffer) {
  const auto request = parse<t::SimpleRequest>(buffer);
  if (Metadata initial = initial_of(call); !initial.empty()) call->send_initial_metadata(std::move(initial));
  if (request.has_response_status() && request.response_status().code() != 0)
    return call->reply({jina::status_code_from(request.response_status().code()), request.response_status().message()}, {},
                       trailing_of(call));
  t::SimpleResponse response;
  response.mutable_payload()->set_body(std::string(static_cast<std::size_t>(request.response_size()), '\0'));
  call->reply({}, encode(response), trailing_of(call));
}

// Sends the responses that a request asks for, one after the other with their pauses, then goes on.
struct Sender : std::enable_shared_from_this<Sender> {
  Sender(Call to, t::StreamingOutputCallRequest what, std::function<void()> then)
      : call(std::move(to)), request(std::move(what)), done(std::move(then)), timer(call->executor()) {}
  void next() {
    if (at == request.response_parameters_size()) return done();
    timer.expires_after(std::chrono::microseconds(request.response_parameters(at).interval_us()));
    timer.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (!error) self->send();
    });
  }
  void send() {
    t::StreamingOutputCallResponse response;
    response.mutable_payload()->set_body(std::string(static_cast<std::size_t>(request.response_parameters(at++).size()), '\0'));
    if (!call->write(encode(response))) return;
    call->when_writable([self = shared_from_this()] { self->next(); });
  }
  Call call;
  t::StreamingOutputCallRequest request;
  std::function<void()> done;
  boost::asio::steady_timer timer;
  int at = 0;
};

void streaming_output(Call call, Buffer buffer) {
  std::make_shared<Sender>(call, parse<t::StreamingOutputCallRequest>(buffer), [call] { call->finish({}, {}); })->next();
}

void streaming_input(Call call, int total) {
  ServerCall& stream = *call;
  stream.read([call = std::move(call), total](std::optional<Buffer> message) mutable {
    if (message) {
      const auto size = parse<t::StreamingInputCallRequest>(*message).payload().body().size();
      return streaming_input(std::move(call), total + static_cast<int>(size));
    }
    t::StreamingInputCallResponse response;
    response.set_aggregated_payload_size(total);
    call->reply({}, encode(response), {});
  });
}

void full_duplex(Call call) {
  ServerCall& stream = *call;
  stream.read([call = std::move(call)](std::optional<Buffer> message) mutable {
    if (!message) return call->finish({}, trailing_of(call));
    const auto request = parse<t::StreamingOutputCallRequest>(*message);
    if (request.has_response_status() && request.response_status().code() != 0)
      return call->finish({jina::status_code_from(request.response_status().code()), request.response_status().message()},
                          trailing_of(call));
    std::make_shared<Sender>(call, request, [call] { full_duplex(call); })->next();
  });
}

}  // namespace

int main(int argc, char** argv) {
  jina::grpc::ServiceTable table;
  table.add_unary("/grpc.testing.TestService/EmptyCall", [](Call call, Buffer) { call->reply({}, {}, {}); });
  table.add_unary("/grpc.testing.TestService/UnaryCall", unary_call);
  table.add_unary("/grpc.testing.TestService/StreamingOutputCall", streaming_output);
  table.add_stream("/grpc.testing.TestService/StreamingInputCall", [](Call call) { streaming_input(std::move(call), 0); });
  table.add_stream("/grpc.testing.TestService/FullDuplexCall", [](Call call) {
    if (Metadata initial = initial_of(call); !initial.empty()) call->send_initial_metadata(std::move(initial));
    full_duplex(std::move(call));
  });

  boost::asio::io_context io(1);
  jina::protocol::ServerOptions options;
  options.host = "127.0.0.1";
  options.port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 0);
  jina::protocol::Server server(io, options, &table, nullptr);
  const jina::Result<std::uint16_t> port = server.listen();
  if (!port) {
    std::fprintf(stderr, "interop_server: %s\n", port.error().message.c_str());
    return 1;
  }
  std::printf("listening on %u\n", *port);
  std::fflush(stdout);
  boost::asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&](const boost::system::error_code&, int) { server.stop(std::chrono::seconds(1), [&io] { io.stop(); }); });
  io.run();
}
