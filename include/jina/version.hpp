// Version of the library, and the stamp by which a module is known to fit it.
//
// Thread, lifetime, cancellation: constants.
#pragma once

#define JINA_VERSION "0.1.0"
/// Raised whenever a public type changes its layout: a module built against another number is refused.
#define JINA_ABI 2
