// Builds under ThreadSanitizer find this before protobuf's own header, which gives its map fields one more member there. The library
// of the system was built without it, and programs that have two layouts of one class crash.
#pragma once
// What the header includes has to see the macro still: libstdc++ tells the sanitizer more then.
#include <google/protobuf/arena.h>
#include <google/protobuf/map.h>
#include <google/protobuf/message.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#pragma push_macro("__SANITIZE_THREAD__")
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wbuiltin-macro-redefined"
#undef __SANITIZE_THREAD__
#include_next <google/protobuf/map_field.h>
#pragma GCC diagnostic pop
#pragma pop_macro("__SANITIZE_THREAD__")
