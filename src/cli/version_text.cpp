#include "cli/version_text.hpp"

#include <fmt/format.h>
#include <google/protobuf/stubs/common.h>
#include <nghttp2/nghttp2ver.h>
#include <openssl/crypto.h>
#include <sys/utsname.h>

#include <boost/version.hpp>

#include "jina/module.hpp"
#include "jina/version.hpp"

namespace jina::cli {

std::string version_line() { return JINA_VERSION; }

std::string version_table() {
  utsname system{};
  ::uname(&system);
  std::string out;
  const auto row = [&](std::string_view name, std::string_view value) { out += fmt::format("- {:>12} {}\n", name, value); };
  row("jina", JINA_VERSION);
  row("wire", "Jina 3.25.2, docarray 0.21");
  row("module abi", fmt::format("{}", JINA_ABI));
  row("compiler", __VERSION__);
  row("boost", fmt::format("{}.{}.{}", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100));
  row("nghttp2", NGHTTP2_VERSION);
  row("openssl", OpenSSL_version(OPENSSL_VERSION));
  row("protobuf", google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION));
  row("platform", fmt::format("{} {} {}", system.sysname, system.release, system.machine));
  return out;
}

}  // namespace jina::cli
