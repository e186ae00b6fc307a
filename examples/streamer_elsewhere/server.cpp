// server HOST PORT: an HTTP server that has never seen a Gateway object. What it knows of the Flow it has from its environment:
// JINA_STREAMER_ARGS, which every process that a gateway starts inherits.
#include <httplib.h>
#include <jina/streamer.hpp>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <thread>

int main(int argc, char** argv) try {
  if (argc != 3) return std::cerr << "usage: server HOST PORT\n", 2;
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);  // for all threads: the last lines wait for it

  const std::unique_ptr<jina::GatewayStreamer> streamer = jina::GatewayStreamer::get_streamer();
  httplib::Server server;
  server.Get("/", [](const httplib::Request&, httplib::Response& response) { response.set_content("{}", "application/json"); });
  server.Post("/upper", [&](const httplib::Request& request, httplib::Response& response) {
    const auto docs = streamer->post_blocking({jina::Document{{.text = request.body}}}, {.exec_endpoint = "/upper"});
    response.set_content(docs.at(0).text(), "text/plain");
  });
  if (!server.bind_to_port(argv[1], std::atoi(argv[2]))) return std::cerr << "cannot listen on port " << argv[2] << "\n", 1;
  std::thread serving([&] { server.listen_after_bind(); });
  int signal = 0;
  sigwait(&stop, &signal);
  server.stop();
  serving.join();
  return 0;
} catch (const std::exception& error) {
  return std::cerr << "server: " << error.what() << "\n", 1;
}
