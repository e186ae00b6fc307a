// A gateway on grpc++ with a service of its own (capitals.proto): calls arrive on grpc++'s threads, answers leave from a callback.
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <jina/blocking.hpp>
#include <jina/gateway.hpp>
#include <jina/module.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

#include "capitals.grpc.pb.h"

namespace {

class Capitals final : public demo::Capitals::CallbackService {
 public:
  explicit Capitals(jina::GatewayStreamer& streamer) : streamer_(streamer) {}

  grpc::ServerUnaryReactor* Say(grpc::CallbackServerContext* context, const demo::Text* request, demo::Text* reply) override {
    grpc::ServerUnaryReactor* call = context->DefaultReactor();
    streamer_.post_async({jina::Document{{.text = request->text()}}}, {.exec_endpoint = "/upper"},
                         [call, reply](jina::Result<jina::DocumentArray> docs) {
                           if (docs && !docs->empty()) reply->set_text(docs->front().text());
                           call->Finish({static_cast<grpc::StatusCode>(docs.status().code), docs.status().message});
                         });
    return call;
  }

 private:
  jina::GatewayStreamer& streamer_;
};

class GrpcppGateway : public jina::Gateway {
 public:
  jina::Task<void> setup_server() override {
    grpc::EnableDefaultHealthCheckService(true);  // what health checks ask
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    grpc::ServerBuilder builder;
    int bound = 0;
    builder.AddListeningPort(host() + ":" + std::to_string(port()), grpc::InsecureServerCredentials(), &bound);
    builder.RegisterService(&capitals_);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || bound == 0) throw std::runtime_error("cannot listen on port " + std::to_string(port()));
    co_return;
  }

  jina::Task<void> run_server() override {
    return jina::run_blocking([this] { server_->Wait(); });
  }

  // Shutdown waits for running calls, whose answers arrive on this thread: so it does on another one.
  jina::Task<void> shutdown() override {
    return jina::run_blocking([this] { server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(5)); });
  }

 private:
  Capitals capitals_{streamer()};
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace

JINA_MODULE(registry) { registry.add<GrpcppGateway>("GrpcppGateway"); }
