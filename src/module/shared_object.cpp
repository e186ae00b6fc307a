#include "module/shared_object.hpp"

#include <elf.h>

#include <cstring>
#include <fstream>
#include <string_view>

namespace jina {
namespace {

std::string machine_name(unsigned machine) {
  switch (machine) {
    case EM_386: return "x86 (32 bits)";
    case EM_X86_64: return "x86-64";
    case EM_ARM: return "ARM (32 bits)";
    case EM_AARCH64: return "AArch64";
    case EM_RISCV: return "RISC-V";
    case EM_PPC64: return "POWER";
    case EM_S390: return "IBM Z";
    default: return "machine number " + std::to_string(machine);
  }
}

// This program is what modules have to be like.
Elf64_Ehdr own_header() {
  Elf64_Ehdr header{};
  std::ifstream program("/proc/self/exe", std::ios::binary);
  program.read(reinterpret_cast<char*>(&header), sizeof header);
  return header;
}

std::string truncated(std::uint64_t size, std::uint64_t wanted) {
  return "is cut short: it has " + std::to_string(size) + " bytes and should have at least " + std::to_string(wanted) +
         "; build or copy it again";
}

}  // namespace

std::string check_shared_object(const std::filesystem::path& file) {
  std::error_code error;
  const std::uint64_t size = std::filesystem::file_size(file, error);
  std::ifstream in(file, std::ios::binary);
  if (error || !in) return "can not be read";
  Elf64_Ehdr header{};
  in.read(reinterpret_cast<char*>(&header), sizeof header);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
    return size == 0 ? "is empty; build or copy it again" : "can not be loaded: it is no shared object (an ELF file)";
  static const Elf64_Ehdr own = own_header();
  const bool same_layout = header.e_ident[EI_CLASS] == own.e_ident[EI_CLASS] && header.e_ident[EI_DATA] == own.e_ident[EI_DATA];
  // Where the layout is another one, the two bytes of e_machine are at the same place still.
  if (!same_layout || header.e_machine != own.e_machine) {
    unsigned machine = header.e_machine;
    if (header.e_ident[EI_DATA] != own.e_ident[EI_DATA]) machine = (machine & 0xffU) << 8 | machine >> 8;
    return "is built for " + machine_name(machine) + ", this program runs on " + machine_name(own.e_machine) + ": build it here";
  }
  if (!in) return truncated(size, sizeof header);
  if (header.e_type != ET_DYN) return "can not be loaded: it is not linked with -shared";
  std::uint64_t wanted = header.e_phoff + std::uint64_t{header.e_phnum} * sizeof(Elf64_Phdr);
  for (unsigned i = 0; i < header.e_phnum && wanted <= size; ++i) {
    Elf64_Phdr segment{};
    in.seekg(static_cast<std::streamoff>(header.e_phoff + i * sizeof segment));
    in.read(reinterpret_cast<char*>(&segment), sizeof segment);
    if (in && segment.p_type == PT_LOAD) wanted = std::max(wanted, segment.p_offset + segment.p_filesz);
  }
  return wanted <= size ? "" : truncated(size, wanted);
}

}  // namespace jina
