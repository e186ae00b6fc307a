// operator new of the program: malloc, which is mimalloc's, and std::bad_alloc when there is no memory left.
//
// mimalloc's own, in the form that Debian builds, aborts there. An Executor whose function wants more than there is has to answer
// with the failure and go on. operator delete is mimalloc's.
//
// Thread: any. Lifetime, cancellation: as C++ has it.
#include <cstdlib>
#include <new>

namespace {

void* take(std::size_t size, std::align_val_t alignment) noexcept {
  const auto multiple = static_cast<std::size_t>(alignment);
  if (size == 0) size = 1;
  if (multiple <= __STDCPP_DEFAULT_NEW_ALIGNMENT__) return std::malloc(size);
  const std::size_t whole = (size + multiple - 1) / multiple * multiple;
  return whole < size ? nullptr : std::aligned_alloc(multiple, whole);
}

void* allocate(std::size_t size, std::align_val_t alignment) {
  for (;;) {
    if (void* memory = take(size, alignment)) return memory;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

void* allocate_or_null(std::size_t size, std::align_val_t alignment) noexcept {
  try {
    return allocate(size, alignment);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

constexpr std::align_val_t kUsual{__STDCPP_DEFAULT_NEW_ALIGNMENT__};

}  // namespace

void* operator new(std::size_t size) { return allocate(size, kUsual); }
void* operator new[](std::size_t size) { return allocate(size, kUsual); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate_or_null(size, kUsual); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return allocate_or_null(size, kUsual); }
void* operator new(std::size_t size, std::align_val_t alignment) { return allocate(size, alignment); }
void* operator new[](std::size_t size, std::align_val_t alignment) { return allocate(size, alignment); }
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return allocate_or_null(size, alignment);
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return allocate_or_null(size, alignment);
}
