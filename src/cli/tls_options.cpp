#include "cli/tls_options.hpp"

namespace jina::cli {

using config::OptionKind;

void add_tls_options(config::OptionSet& options, const std::string& group) {
  options.add({.names = {"tls"},
               .kind = OptionKind::kFlag,
               .help = "talk TLS when the address does not say so (grpcs, https, wss)",
               .fallback = false,
               .group = group});
  options.add({.names = {"ca"},
               .help = "TLS: check the server against the certificates in this PEM file instead of the system's; a self-signed "
                       "certificate itself will do",
               .group = group,
               .placeholder = "FILE"});
  options.add({.names = {"insecure"},
               .kind = OptionKind::kFlag,
               .help = "TLS: do not check who the server is",
               .fallback = false,
               .group = group});
}

Result<client::Target> parse_tls_target(std::string_view text, client::TargetDefaults defaults, const config::OptionBag& options) {
  defaults.tls = options.flag("tls");
  Result<client::Target> target = client::parse_target(text, defaults);
  if (!target) return target;
  target->ca_file = options.text("ca");
  target->verify = !options.flag("insecure");
  if (!target->tls && (!target->ca_file.empty() || !target->verify))
    return Status{StatusCode::kInvalidArgument, std::string(target->verify ? "--ca" : "--insecure") + " has no meaning for " +
                                                    target->url() + ", which is not TLS; write grpcs, https or wss, or add --tls"};
  return target;
}

}  // namespace jina::cli
