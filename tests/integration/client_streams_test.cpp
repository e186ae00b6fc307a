// jina::AsyncClient and peers that are slow: a reader holds the server back, a server the inputs.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "base/io_test_kit.hpp"
#include "document/document_codec.hpp"
#include "integration/fake_executor.hpp"
#include "jina/client.hpp"

namespace jina {
namespace {

namespace asio = boost::asio;

constexpr int kAnswers = 20'000;

Buffer answer(int number) {
  wire::DataRequest message;
  message.data = encode_document(Document{{.id = std::to_string(number), .text = std::string(1000, 'x')}});
  return message.serialize();
}

void write_from(const std::shared_ptr<protocol::RequestStream>& stream, int& sent) {
  if (sent == kAnswers) return stream->finish({}, {});
  stream->write(answer(sent++));
  stream->when_writable([stream, &sent] { write_from(stream, sent); });
}

Task<void> read_until(ResponseStream* answers, int last, int* read) {
  while (*read < last) {
    const std::optional<Response> next = co_await answers->next();
    if (!next) co_return;
    ++*read;
  }
}

TEST(ClientStreamDoc, ASlowReaderHoldsTheServerBack) {
  asio::io_context io(1);
  testing::FakeExecutor executor(io);
  int sent = 0, read = 0;
  executor.on_stream_doc = [&](Buffer, std::shared_ptr<protocol::RequestStream> stream) { write_from(stream, sent); };
  {
    AsyncClient client(io, "grpc://" + executor.address());
    ResponseStream answers = client.stream_doc("/count", Document{{.text = "x"}});
    const auto fail = [](std::exception_ptr error) {
      if (error) std::rethrow_exception(error);
    };
    asio::co_spawn(io, read_until(&answers, 1, &read), fail);
    run_until(io, [&] { return read == 1; });
    while (sent < kAnswers && io.run_one_for(std::chrono::milliseconds(50)) > 0) {  // until nothing moves
    }
    EXPECT_LT(sent, kAnswers);
    asio::co_spawn(io, read_until(&answers, kAnswers, &read), fail);
    run_until(io, [&] { return read == kAnswers; });
  }
  bool stopped = false;
  executor.stop([&] { stopped = true; });
  run_until(io, [&] { return stopped; });
}

TEST(ClientStreams, AServerThatDoesNotReadHoldsTheInputsBack) {
  asio::io_context io(1);
  grpc::ServiceTable table;
  std::vector<std::shared_ptr<grpc::ServerCall>> calls;
  table.add_stream("/jina.JinaRPC/Call", [&](std::shared_ptr<grpc::ServerCall> call) { calls.push_back(std::move(call)); });
  protocol::Server server(io, protocol::ServerOptions{.host = "127.0.0.1"}, &table, nullptr);
  const auto port = server.listen().value();
  int given = 0;
  {
    AsyncClient client(io, "grpc://127.0.0.1:" + std::to_string(port));
    PostOptions options;
    options.request_size = 1;
    Inputs endless([&given]() -> std::optional<Document> {
      ++given;
      return Document{{.text = std::string(1 << 20, 'x')}};
    });
    ResponseStream answers = client.stream("/", std::move(endless), options);
    int read = 0;
    asio::co_spawn(io, read_until(&answers, 1, &read), [](std::exception_ptr) {});
    run_until(io, [&] { return !calls.empty(); });
    while (given < 1000 && io.run_one_for(std::chrono::milliseconds(50)) > 0) {  // until nothing moves
    }
    EXPECT_GE(given, 4);
    EXPECT_LT(given, 16);  // a window, and what may wait to be sent; not as many as may be unread
  }
  for (const auto& call : calls) call->finish({}, {});
  calls.clear();
  bool stopped = false;
  server.stop(std::chrono::milliseconds(0), [&] { stopped = true; });
  run_until(io, [&] { return stopped; });
}

}  // namespace
}  // namespace jina
