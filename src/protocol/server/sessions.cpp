#include "protocol/server/sessions.hpp"

#include <spdlog/spdlog.h>

namespace jina::protocol {

void log_handler_error(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const http::BodyCut&) {
  } catch (const std::exception& exception) {
    spdlog::error("HTTP handler: {}", exception.what());
  } catch (...) {
    spdlog::error("HTTP handler: unknown exception");
  }
}

}  // namespace jina::protocol
